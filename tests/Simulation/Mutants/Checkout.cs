namespace Simulation.Mutants;

/// <summary>The tree that this program was built from. Its sources are read and never written.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>The sabotaged text; or why it cannot be made.</summary>
    public static (string? Text, string? Problem) Sabotage(Mutant mutant)
    {
        if (!File.Exists(PathOf(mutant.File)))
        {
            return (null, $"{mutant.File} does not exist");
        }

        var parts = File.ReadAllText(PathOf(mutant.File)).Split(mutant.Find);
        return parts.Length == 2
            ? (string.Join(mutant.Replace, parts), null)
            : (null, $"its text occurs {parts.Length - 1} times in {mutant.File}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Reconciler.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("no Reconciler.sln above this program: run it from a checkout");
    }
}
