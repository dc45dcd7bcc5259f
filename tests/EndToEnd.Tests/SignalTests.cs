namespace EndToEnd.Tests;

public sealed class SignalTests : WorldTest
{
    [Fact]
    public async Task Force_names_users_or_apps_waits_for_them_and_tells_of_names_it_does_not_know()
    {
        await World.StartReadyAsync();
        var (user, row, _) = await World.ProvisionAsync();
        await World.LooksAsync(3);
        var since = await World.NowAsync();

        var (exit, force) = await World.RunAsync("force", user.ToString(), "--wait");
        Assert.True(exit == 0, force.Text);
        var result = JsonNode.Parse(await File.ReadAllTextAsync(World.SignalFile + ".result"))!;
        Assert.Equal((true, false, user.ToString()), ((bool)result["converged"]!, (bool)result["everyone"]!, (string)result["keys"]![0]!));
        Assert.Contains(await World.Fly.CallsAsync(since), c => c.App == row.App && c.Operation == "secrets.list"); // in full depth
        Assert.Empty(await World.ChangesAsync(since));
        Assert.False(File.Exists(World.SignalFile));

        var (unknown, answer) = await World.RunAsync("force", row.App, "vyx-user-nobody", "--wait");
        Assert.True(unknown == 1, answer.Text);
        result = JsonNode.Parse(await File.ReadAllTextAsync(World.SignalFile + ".result"))!;
        Assert.Equal("vyx-user-nobody", (string)Assert.Single(result["unknown"]!.AsArray())!);
        Assert.Equal((row.App, false), ((string)Assert.Single(result["keys"]!.AsArray())!, (bool)result["converged"]!));
    }

    [Theory]
    [InlineData("touch \"$0\"", true)]
    [InlineData("echo > \"$0\"", true)]
    [InlineData("echo '*' > \"$0\"", true)]
    [InlineData("echo \"$1\" > \"$0\"", false)]
    public async Task A_file_made_by_the_shell_forces_and_the_result_names_who_did_not_converge(string command, bool everyone)
    {
        await World.StartReadyAsync();
        var user = await World.Data.CreateUserAsync("pro");
        await World.Database.ExecuteAsync("""update public.user_fly_apps set spec = '[]' where user_id = $1""", user);
        await World.EventuallyRowAsync(user, r => r.Is("Ready", "False", "InvalidOverride"), "the user is blocked");

        for (var i = 0; i < 2; i++)
        {
            File.Delete(World.SignalFile + ".result");
            using var shell = System.Diagnostics.Process.Start("sh", ["-c", command, World.SignalFile, user.ToString()]);
            await shell.WaitForExitAsync();

            JsonNode? result = null;
            await World.EventuallyAsync(
                async () => (result = await ReadResultAsync())?["finishedAt"] is not null, "the result is written");
            Assert.Equal((everyone, false), ((bool)result!["everyone"]!, (bool)result["converged"]!));
            var pending = Assert.Single(result["pending"]!.AsArray())!;
            Assert.Equal(user.ToString(), (string)pending["key"]!);
            Assert.Contains("InvalidOverride", (string)pending["reason"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_forced_user_does_not_wait_out_its_backoff()
    {
        await World.StartReadyAsync();
        await World.Fly.AddFaultAsync(new FaultRule
        {
            Kind = FaultKinds.Status, Operation = "machines.create", Status = 422, Body = """{"error":"invalid config.guest.memory_mb"}""",
        });
        var user = await World.Data.CreateUserAsync("pro");
        await World.EventuallyRowAsync(user, r => r is { Status: "error", Retries: > 0 }, "the user fails");
        await World.Fly.ClearFaultsAsync();
        var (_, before) = (await World.TryRowAsync(user), await World.NowAsync());

        var (exit, force) = await World.RunAsync("force", user.ToString(), "--wait");

        Assert.True(exit == 0, force.Text);
        await World.ConvergedAsync(user);
        Assert.Contains(await World.ChangesAsync(before), c => c.Operation == "machines.create");
    }

    private async Task<JsonNode?> ReadResultAsync() => File.Exists(World.SignalFile + ".result")
        ? JsonNode.Parse(await File.ReadAllTextAsync(World.SignalFile + ".result"))
        : null;
}
