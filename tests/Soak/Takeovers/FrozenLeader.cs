using System.Diagnostics;
using Soak.Stage;
using Store;

namespace Soak.Takeovers;

/// <summary>
/// A leader in a process of its own, so that it can be frozen as a whole. It writes without a pause under the token that it was
/// given until the database says that somebody else leads, and says so.
/// </summary>
internal sealed class FrozenLeader : IAsyncDisposable
{
    public const string Puppet = "puppet";
    private const string Writing = "writing";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    public FrozenLeader(string name, string connectionString, Guid user)
    {
        Name = name;
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(info.FileName) == "dotnet")
        {
            info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Soak.dll"));
        }

        info.ArgumentList.Add(Puppet);
        _process = Process.Start(info)!;
        _process.StandardInput.WriteLine(name);
        _process.StandardInput.WriteLine(connectionString);
        _process.StandardInput.WriteLine(user);
        _process.StandardInput.Flush();
    }

    public string Name { get; }

    /// <summary>Lets it write under the token; returns once it does.</summary>
    public async Task BeginAsync(LeaseToken token)
    {
        await _process.StandardInput.WriteLineAsync($"{token.LeaseName} {token.Epoch}");
        await _process.StandardInput.FlushAsync();
        await ExpectAsync(Writing);
    }

    public Task FreezeAsync() => Signals.StopAsync(_process.Id);

    public Task ThawAsync() => Signals.ContinueAsync(_process.Id);

    /// <summary>How it ended.</summary>
    public async Task<Outcome> EndAsync() => Enum.Parse<Outcome>(await ReadAsync());

    /// <summary>What the child does.</summary>
    public static async Task<int> ActAsync()
    {
        var name = Console.ReadLine()!;
        await using var leader = Leader.Open(name, Console.ReadLine()!);
        var user = await leader.Store.ReadUserAsync(Guid.Parse(Console.ReadLine()!), default);
        while (Console.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            var token = new LeaseToken(parts[0], name, long.Parse(parts[1], CultureInfo.InvariantCulture));
            var outcome = Outcome.Written;
            for (var next = 0; outcome != Outcome.Fenced; next++)
            {
                var write = FencedWrite.All[next % FencedWrite.All.Count];
                outcome = await FencedWrite.TryAsync(() => write.WriteAsync(leader.Store, token, user!, $"{name}-{token.Epoch}-{next}"));
                if (next == 0)
                {
                    Console.WriteLine(Writing);
                }
            }

            Console.WriteLine(outcome);
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await ThawAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ExpectAsync(string expected)
    {
        if (await ReadAsync() is var line && line != expected)
        {
            throw new InvalidOperationException($"the frozen leader said '{line}' instead of '{expected}'");
        }
    }

    private async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("the frozen leader has ended");
}
