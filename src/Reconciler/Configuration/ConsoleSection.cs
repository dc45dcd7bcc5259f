using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>Reads who may act through the web console.</summary>
internal static class ConsoleSection
{
    public const string Token = "Reconciler:Console:Token";
    private const int LeastLength = 24;

    public static ConsoleSettings Read(SettingsReader reader)
    {
        var token = reader.OptionalSecret(Token);
        if (token is not null && token.Reveal().Length < LeastLength)
        {
            reader.Problem(Token, $"is shorter than {LeastLength} characters and could be guessed: make one with `openssl rand -hex 24`, or remove it for a read-only console");
        }

        return new ConsoleSettings(token, reader.Flag("Reconciler:Console:AllowPublicActions", fallback: false));
    }
}
