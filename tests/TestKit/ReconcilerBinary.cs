namespace TestKit;

/// <summary>The program under test, as a file that can be started.</summary>
public static class ReconcilerBinary
{
    /// <summary>Names another build than the one beside the tests: the published native file, as it is deployed.</summary>
    public const string Variable = "RECONCILER_BINARY";

    /// <exception cref="InvalidOperationException">There is no such file.</exception>
    public static string Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? Existing(named) : Existing(Beside());

    /// <summary>What was built with the tests: same configuration, same framework.</summary>
    private static string Beside()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        var (framework, configuration) = (own.Name, own.Parent!.Name);
        return Repository.Path("src", "Reconciler", "bin", configuration, framework, "reconciler");
    }

    private static string Existing(string path) =>
        File.Exists(path) ? System.IO.Path.GetFullPath(path) : throw new InvalidOperationException($"{path} is not there: build it, or name another in {Variable}");
}
