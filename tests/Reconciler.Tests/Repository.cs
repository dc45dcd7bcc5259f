namespace Reconciler.Tests;

/// <summary>Where the repository is. The compiler's idea of a source path will not do: a build for release does not tell it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Reconciler.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the repository was not found above " + AppContext.BaseDirectory);
        }

        return folder.FullName;
    }
}
