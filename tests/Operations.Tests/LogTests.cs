namespace Operations.Tests;

/// <summary>What the daemon prints.</summary>
public sealed class LogTests : WorldTest
{
    [Fact]
    public async Task Every_line_is_a_JSON_object_with_a_stable_event_id()
    {
        var daemon = await World.StartReadyAsync();
        await World.ProvisionAsync();
        Assert.Equal(0, await daemon.TerminateAsync());

        var lines = daemon.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.AsObject()).ToList();

        Assert.All(lines, l => Assert.True(l.ContainsKey("Timestamp") && l.ContainsKey("LogLevel") && l.ContainsKey("Category") && l.ContainsKey("Message")));
        var ours = lines.Where(l => l["Category"]!.GetValue<string>().StartsWith("Reconciler", StringComparison.Ordinal)).ToList();
        Assert.All(ours, l => Assert.InRange(l["EventId"]!.GetValue<int>(), 100, 999));
        Assert.Contains(ours, l => l["EventId"]!.GetValue<int>() == 112);
        Assert.Contains(ours, l => l["EventId"]!.GetValue<int>() == 300);
    }

    [Fact]
    public async Task Levels_change_while_it_runs_by_category_and_back()
    {
        var file = Path.Combine(World.Folder, "log-levels");
        World.AuditOften();
        var daemon = await World.StartReadyAsync(("RECONCILER_LOG_LEVELS_FILE", file));
        await World.ProvisionAsync();
        Assert.Equal(0, Count(daemon, 403)); // Debug, which is off

        await File.WriteAllTextAsync(file, "# to see what nothing came of\nReconciler.Reconciling=Debug\nnonsense\n");
        await World.EventuallyAsync(() => Task.FromResult(Count(daemon, 403) >= 2), "reconciles without a change are told");
        Assert.Equal((1, 1), (Count(daemon, 117), Count(daemon, 118)));

        await File.WriteAllTextAsync(file, "Reconciler=Critical\n");
        await World.EventuallyAsync(() => Silence(daemon), "nobody speaks any more");

        File.Delete(file);
        var before = Count(daemon, 114);
        await World.EventuallyAsync(() => Task.FromResult(Count(daemon, 114) > before), "audits are told again");
    }

    /// <summary>No line of ours for as long as it takes Fly to be looked at ten times.</summary>
    private async Task<bool> Silence(Program daemon)
    {
        var lines = daemon.Text.Length;
        await World.LooksAsync(10);
        return daemon.Text.Length == lines;
    }

    private static int Count(Program daemon, int id) =>
        daemon.Output.Split('\n').Count(l => l.Contains($"\"EventId\":{id},", StringComparison.Ordinal));
}
