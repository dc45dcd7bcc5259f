namespace TestKit;

/// <summary>
/// The files of this repository, wherever it was cloned to. The compiler's idea of a source path will not do: a build for release does
/// not tell it.
/// </summary>
public static class Repository
{
    /// <exception cref="InvalidOperationException">The tests do not run from within a clone.</exception>
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
