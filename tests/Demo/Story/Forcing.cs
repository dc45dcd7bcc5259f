using System.Text.Json;
using System.Text.Json.Nodes;
using Demo.Stage;

namespace Demo.Story;

/// <summary>An operator does not want to wait for the next audit.</summary>
internal static class Forcing
{
    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new("A secret tampered with: `force` repairs it", ForcedAsync),
    ];

    private static async Task<string> ForcedAsync(Scene scene, CancellationToken cancellationToken)
    {
        var (app, _) = await scene.MachineOfAsync(Cast.Ada, cancellationToken);
        await scene.Fly.TamperSecretsAsync(app, new Dictionary<string, string?> { ["OPENROUTER_API_KEY"] = "not ours" }, cancellationToken);
        var forced = await scene.Theatre.CommandAsync(cancellationToken, "force", app, "--wait", "--timeout", "00:00:30");
        if (forced.ExitCode != 0)
        {
            throw new ClaimFailedException($"reconciler force {app} --wait: {forced.Summary}");
        }

        CheckResult(await File.ReadAllTextAsync(scene.Theatre.SignalFile + ".result", cancellationToken), app);
        var seen = await scene.Reader.OneAsync(Cast.Ada, cancellationToken);
        var problem = Expectation.Of(expect =>
        {
            var wanted = FlySim.FlySimClient.HashOf(scene.Theatre.Secrets.OpenRouterKey);
            expect.Same("the app's OPENROUTER_API_KEY", wanted, seen.App?.SecretHashes.GetValueOrDefault("OPENROUTER_API_KEY"));
            RunsRight.For(scene, Cast.Ada, Theatre.ThirdImage)(expect, seen);
        });
        return problem is null ? "exit 0; force.result: converged" : throw new ClaimFailedException(problem);
    }

    private static void CheckResult(string json, string app)
    {
        var result = JsonSerializer.Deserialize<JsonObject>(json);
        var keys = result?["keys"]?.AsArray().Select(k => (string?)k).ToList() ?? [];
        if (result?["converged"]?.GetValue<bool>() is not true || keys is not [var key] || key != app)
        {
            throw new ClaimFailedException($"the result file says {json.ReplaceLineEndings(" ")}");
        }
    }
}
