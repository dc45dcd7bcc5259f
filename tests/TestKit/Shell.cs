using System.Diagnostics;

namespace TestKit;

/// <summary>Runs the server's programs as a user that may run them: the server refuses to start as root.</summary>
internal static class Shell
{
    private static readonly string[] Unprivileged = ["postgres", "nobody"];

    /// <summary>The user to become; null when this process is unprivileged already.</summary>
    public static string? ServerUser { get; } = FindServerUser();

    public static string Run(params string[] command)
    {
        using var process = Process.Start(StartInfo(ServerUser, command))
            ?? throw new InvalidOperationException($"{command[0]} did not start");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{string.Join(' ', command)} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}{output}");
    }

    /// <summary>Starts a process that outlives this one; its own pipes keep it from holding ours open.</summary>
    public static void Detach(params string[] command)
    {
        using var process = Process.Start(StartInfo(ServerUser, command))
            ?? throw new InvalidOperationException($"{command[0]} did not start");
        process.StandardInput.Close();
    }

    public static void GiveTo(string user, string path)
    {
        using var process = Process.Start(StartInfo(null, ["chown", "-R", user, path]))
            ?? throw new InvalidOperationException("chown did not start");
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"chown {user} {path} failed: {process.StandardError.ReadToEnd()}");
    }

    private static ProcessStartInfo StartInfo(string? user, string[] command)
    {
        string[] full = user is null ? command : ["runuser", "-u", user, "--", .. command];
        var info = new ProcessStartInfo(full[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in full[1..])
            info.ArgumentList.Add(argument);
        return info;
    }

    private static string? FindServerUser()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;
        var users = File.ReadLines("/etc/passwd").Select(static line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return Unprivileged.FirstOrDefault(users.Contains)
            ?? throw new InvalidOperationException(
                "running as root, and there is neither a user 'postgres' nor 'nobody' to run the server as");
    }
}
