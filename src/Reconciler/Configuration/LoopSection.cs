using Cronos;
using Reconciler.Leading;

namespace Reconciler.Configuration;

/// <summary>Reads how often the controller looks, and the lease.</summary>
internal static class LoopSection
{
    private const string SignalFile = "Reconciler:SignalFile";
    private const string SignalFileShort = "RECONCILER_SIGNAL_FILE";
    private const string DefaultSignalFile = "/tmp/fly-reconciler/force";
    private const string AbsoluteFile = "the absolute path of a file, not of a folder";

    public static LoopSettings Read(SettingsReader reader)
    {
        var informer = reader.Duration(
            "Reconciler:InformerInterval", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(10));
        var fullList = reader.Duration("Reconciler:FullListInterval", TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(50), TimeSpan.FromDays(1));
        if (fullList < informer)
        {
            reader.Problem(
                "Reconciler:FullListInterval",
                $"is {DurationText.Format(fullList)}, less than Reconciler__InformerInterval ({DurationText.Format(informer)}): make it at least as long");
        }

        return new LoopSettings
        {
            ResyncSchedule = Schedule(reader, "Reconciler:ResyncSchedule", "*/10 * * * *"),
            AuditSchedule = Schedule(reader, "Reconciler:AuditSchedule", "*/5 * * * *"),
            Workers = reader.Whole("Reconciler:Workers", 16, 1, 256),
            SignalFile = ReadSignalFile(reader),
            InformerInterval = informer,
            FullListInterval = fullList,
            ImagePollInterval = reader.Duration(
                "Reconciler:ImagePollInterval", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(50), TimeSpan.FromDays(1)),
            DrainTimeout = reader.Duration("Reconciler:DrainTimeout", TimeSpan.FromSeconds(25), TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        };
    }

    public static LeaseSettings ReadLease(SettingsReader reader)
    {
        const string Ttl = "Reconciler:LeaseTtl";
        const string Renew = "Reconciler:LeaseRenew";
        var name = reader.Read(
            "Reconciler:LeaseName", "reconciler", "up to 63 lower-case letters, digits, dashes and underscores", Formats.TryLeaseName, "reconciler");
        var ttl = reader.Duration(Ttl, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(5));
        var longest = (ttl - Leadership.Margin) / 2; // a leader stops acting when only the margin is left
        var renew = reader.Duration(
            Renew, ttl / 3 < longest ? ttl / 3 : longest, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(5));
        if (renew > longest)
        {
            reader.Problem(
                Renew,
                $"is {DurationText.Format(renew)}, more than half of what Reconciler__LeaseTtl ({DurationText.Format(ttl)}) has beside its margin of {DurationText.Format(Leadership.Margin)}: one lost renewal would lose the lease; make it {DurationText.Format(longest)} at most, or remove it");
        }

        return new LeaseSettings(name, ttl, renew);
    }

    /// <summary>Only one shard exists; the name is read, so that asking for more gets an answer instead of two controllers that share a fleet.</summary>
    public static void ReadShards(SettingsReader reader) => reader.Read(
        "Reconciler:Shards",
        1,
        "1 only: one leader keeps the whole fleet, and further replicas are standbys",
        (string text, out int value) =>
        {
            value = 1;
            return text == "1";
        },
        "1");

    private static CronExpression Schedule(SettingsReader reader, string name, string fallback) => reader.Read<CronExpression>(
        name,
        CronExpression.Parse(fallback),
        "a cron expression of five fields, or six with seconds first, that comes at all, such as */10 * * * *",
        Formats.TryCron,
        fallback);

    private static string ReadSignalFile(SettingsReader reader)
    {
        var configured = reader.Read(SignalFile, DefaultSignalFile, AbsoluteFile, Formats.TryFilePath, DefaultSignalFile);
        return reader.Read(SignalFileShort, configured, AbsoluteFile, Formats.TryFilePath, configured);
    }
}
