namespace Operations.Tests;

/// <summary>The files of this repository that operators use.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(Path(parts));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Reconciler.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the repository was not found above " + AppContext.BaseDirectory);
        }

        return folder.FullName;
    }
}
