namespace Demo;

/// <param name="Reconciler">The built program: <c>reconciler.dll</c>, or the published file.</param>
/// <param name="Keep">Leave everything running after the story, until Ctrl-C.</param>
internal sealed record DemoOptions(string Reconciler, bool Keep)
{
    public const string Usage = """
        usage: demo.sh [--keep]

          --keep   leave PostgreSQL, the simulator and the daemon running after the story, until Ctrl-C,
                   and print how to look around
        """;

    /// <summary>Null when the arguments cannot be used.</summary>
    public static DemoOptions? Parse(string[] args) => args switch
    {
        ["--reconciler", { Length: > 0 } path] => new DemoOptions(Path.GetFullPath(path), Keep: false),
        ["--reconciler", { Length: > 0 } path, "--keep"] => new DemoOptions(Path.GetFullPath(path), Keep: true),
        _ => null,
    };
}
