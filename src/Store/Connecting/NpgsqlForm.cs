using System.Data.Common;

namespace Store;

/// <summary>Npgsql's own <c>Host=db.example.com;Username=me;Password="a;b"</c>.</summary>
internal static class NpgsqlForm
{
    public static void Read(string text, ConnectionSettings settings)
    {
        // Untyped, because its pairs go through the same checks as those of the other forms.
        var pairs = new DbConnectionStringBuilder();
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            // The message quotes the text.
            throw new ConnectionTextException("is neither a postgres:// URL nor a list of key=value pairs");
        }
        foreach (string name in pairs.Keys)
            settings.Set(name, (string)pairs[name]);
    }
}
