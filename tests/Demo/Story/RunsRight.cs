using Demo.Reading;
using Demo.Stage;
using FlySim;

namespace Demo.Story;

/// <summary>What "correct" means for a paying user, looked up in the database, at Fly, in what the machine booted with and in its own words.</summary>
internal static class RunsRight
{
    private const int Cpus = 2;
    private const int MemoryMb = 512;

    public static Action<Expectation, Sighting> For(Scene scene, Person person, string? image = null) =>
        (expect, seen) => Check(expect, seen, person, scene.Theatre, image ?? Theatre.FirstImage);

    private static void Check(Expectation expect, Sighting seen, Person person, Theatre theatre, string image)
    {
        expect.That(seen.Row is not null, $"{person.Name} has no row");
        CheckRow(expect, seen.Row, image);
        expect.That(seen.App is not null, $"app {seen.Row.App} does not exist");
        expect.That(seen.Machine is not null, $"app {seen.Row.App} has {seen.Machines.Count} machines");
        expect.Same("machine_id in the row", seen.Machine.Id, seen.Row.MachineId);
        CheckMachine(expect, seen.Machine, theatre.DigestOf(image));
        CheckBoot(expect, seen.Machine, theatre.Secrets.OfMachine(person.Id, theatre.Fly.SupabaseAddress));
        expect.That(seen.Health is not null, "the machine does not answer on /health");
        expect.Same("/health", new MachineHealth("healthy", "user_dedicated", person.Id.ToString()), seen.Health);
    }

    private static void CheckRow(Expectation expect, AppRow row, string image)
    {
        expect.Same("status", "active", row.Status);
        expect.Same("health_status", "healthy", row.Health);
        expect.Same("region in the row", DaemonEnvironment.Region, row.Region);
        expect.Same("size in the row", (Cpus, MemoryMb), (row.Cpus, row.MemoryMb));
        expect.Same("docker_image", image, row.Image);
        expect.Same("deleted_at", null, row.DeletedAt);
        expect.Same("error_message", null, row.Error);
        expect.That(row.DeployedAt is not null, "deployed_at is not set");
        expect.That(row.Observed, "the newest generation is not observed");
        foreach (var type in (string[])["Ready", "Healthy", "ImageResolved", "SecretsSynced"])
        {
            expect.Same(type, "True", row.Condition(type)?.Status);
        }
    }

    private static void CheckMachine(Expectation expect, FlySim.Admin.MachineState machine, string digest)
    {
        expect.Same("state", "started", machine.State);
        expect.That(machine.Running, "the machine's program does not run");
        expect.Same("region", DaemonEnvironment.Region, machine.Region);
        expect.Same("size", (Cpus, MemoryMb), ((int?)machine.Guest?["cpus"] ?? 0, (int?)machine.Guest?["memory_mb"] ?? 0));
        expect.Same("image", digest, machine.Digest);
    }

    private static void CheckBoot(Expectation expect, FlySim.Admin.MachineState machine, IReadOnlyDictionary<string, string> secrets)
    {
        foreach (var (name, value) in secrets)
        {
            expect.Same(name, FlySimClient.HashOf(value), machine.BootEnvHashes.GetValueOrDefault(name));
            expect.That(!machine.EnvNames.Contains(name), $"{name} is in the clear in the machine's config");
        }

        expect.Same(
            DaemonEnvironment.LogLevelName,
            FlySimClient.HashOf(DaemonEnvironment.LogLevel),
            machine.BootEnvHashes.GetValueOrDefault(DaemonEnvironment.LogLevelName));
    }
}
