using System.Text.Json.Nodes;
using Demo.Stage;
using FlySim.Admin;

namespace Demo.Story;

/// <summary>Hands change a machine behind the controller's back; it is put right.</summary>
internal static class Repairs
{
    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new("Ada's machine is destroyed by hand: replaced", DestroyedAsync),
        new("Ben's machine is in San Jose: moved to sin", RegionAsync),
        new("Cleo's machine has shrunk: its size is restored", SizeAsync),
        new("Ada's machine has an old image: updated", ImageAsync),
        new("Ben's env edited, a key put in clear: undone", EnvAsync),
    ];

    private static async Task<string> DestroyedAsync(Scene scene, CancellationToken cancellationToken)
    {
        var (app, lost) = await scene.MachineOfAsync(Cast.Ada, cancellationToken);
        await scene.Fly.DestroyMachineAsync(app, lost.Id, cancellationToken);
        var machine = await AnotherAsync(scene, Cast.Ada, lost, cancellationToken);
        return $"{lost.Id} → {machine.Id}";
    }

    private static async Task<string> RegionAsync(Scene scene, CancellationToken cancellationToken)
    {
        var (app, wrong) = await scene.MachineOfAsync(Cast.Ben, cancellationToken);
        await scene.Fly.EditMachineAsync(app, wrong.Id, new EditMachine { Region = "sjc" }, cancellationToken);
        var machine = await AnotherAsync(scene, Cast.Ben, wrong, cancellationToken);
        return $"{wrong.Id} → {machine.Id}";
    }

    private static Task<string> SizeAsync(Scene scene, CancellationToken cancellationToken) => InPlaceAsync(
        scene,
        Cast.Cleo,
        new EditMachine { Guest = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = 1, ["memory_mb"] = 256 } },
        "1 CPU/256 MB → 2 CPUs/512 MB, same machine",
        cancellationToken);

    private static Task<string> ImageAsync(Scene scene, CancellationToken cancellationToken) => InPlaceAsync(
        scene, Cast.Ada, new EditMachine { Image = Theatre.ForgottenImage }, "deployment-0 → deployment-1, same machine", cancellationToken);

    private static Task<string> EnvAsync(Scene scene, CancellationToken cancellationToken) => InPlaceAsync(
        scene,
        Cast.Ben,
        new EditMachine { Env = new JsonObject { [DaemonEnvironment.LogLevelName] = "debug", ["GEMINI_API_KEY"] = "pasted by hand" } },
        "LOG_LEVEL=info again, the key removed",
        cancellationToken);

    private static async Task<MachineState> AnotherAsync(Scene scene, Person person, MachineState lost, CancellationToken cancellationToken)
    {
        var seen = await scene.UntilAsync(
            person,
            (expect, now) =>
            {
                expect.That(now.Machine is not null && now.Machine.Id != lost.Id, $"no other machine than {lost.Id} yet");
                RunsRight.For(scene, person)(expect, now);
            },
            cancellationToken);
        return seen.Machine!;
    }

    private static async Task<string> InPlaceAsync(
        Scene scene, Person person, EditMachine edit, string evidence, CancellationToken cancellationToken)
    {
        var (app, machine) = await scene.MachineOfAsync(person, cancellationToken);
        await scene.Fly.EditMachineAsync(app, machine.Id, edit, cancellationToken);
        var edited = (await scene.MachineOfAsync(person, cancellationToken)).Machine;
        await scene.UntilAsync(
            person,
            (expect, now) =>
            {
                expect.That(now.Machine is { } seen && seen.Versions > edited.Versions, "the machine was not updated yet");
                expect.Same("machine", machine.Id, now.Machine!.Id);
                RunsRight.For(scene, person)(expect, now);
            },
            cancellationToken);
        return evidence;
    }
}
