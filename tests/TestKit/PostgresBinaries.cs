namespace TestKit;

/// <summary>Finds the server's programs: on the PATH or where Debian and Ubuntu put them.</summary>
internal static class PostgresBinaries
{
    public static string Folder { get; } = Find();

    public static string Path(string program) => System.IO.Path.Combine(Folder, program);

    /// <summary>A client's program, which may lie elsewhere than the server's.</summary>
    public static string Client(string program) => Has(Folder, program) ? Path(program) : program;

    private static string Find()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator);
        const string Packaged = "/usr/lib/postgresql";
        var packaged = Directory.Exists(Packaged)
            ? Directory.GetDirectories(Packaged)
                .OrderByDescending(static folder => int.TryParse(System.IO.Path.GetFileName(folder), out var version) ? version : 0)
                .Select(static folder => System.IO.Path.Combine(folder, "bin"))
            : [];

        // initdb and pg_ctl must come from one version; a lone client package has neither.
        return onPath.Where(static folder => folder.Length > 0).Concat(packaged)
            .FirstOrDefault(static folder => Has(folder, "initdb") && Has(folder, "pg_ctl"))
            ?? throw new InvalidOperationException(
                "PostgreSQL's server programs (initdb, pg_ctl) were not found on the PATH or under /usr/lib/postgresql. "
                + "Install them, for example: apt-get install postgresql (Debian, Ubuntu) or brew install postgresql@17 (macOS).");
    }

    private static bool Has(string folder, string program) => File.Exists(System.IO.Path.Combine(folder, program));
}
