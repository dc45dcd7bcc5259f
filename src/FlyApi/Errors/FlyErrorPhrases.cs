using System.Net;
using System.Text.RegularExpressions;
using FlyApi.Calls;

namespace FlyApi.Errors;

/// <summary>The texts by which Fly's refusals are told apart where no code is given. Fragments as short as still tells them apart,
/// because the wording around them changes.</summary>
internal static partial class FlyErrorPhrases
{
    // First match wins. Name clashes come before capacity and limits, which use some of the same words.
    private static readonly (string Phrase, FlyVerdict Verdict)[] Refusals =
    [
        ("manifest_unknown", new(FlyErrorClass.Invalid, FlyErrorDetail.ManifestUnknown)),
        ("manifest unknown", new(FlyErrorClass.Invalid, FlyErrorDetail.ManifestUnknown)),
        ("lease currently held", new(FlyErrorClass.Conflict, FlyErrorDetail.LeaseHeld)),
        ("could not reserve resource", new(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)),
        ("insufficient resources available", new(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)),
        ("insufficient memory available", new(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)),
        ("insufficient cpus available", new(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)),
        ("no capacity", new(FlyErrorClass.Capacity, FlyErrorDetail.RegionCapacity)),
        ("no candidate host", new(FlyErrorClass.Capacity, FlyErrorDetail.RegionCapacity)),
        ("still attempting to start", new(FlyErrorClass.Conflict, FlyErrorDetail.AlreadyStarting)),
        ("concurrent update", new(FlyErrorClass.Conflict, FlyErrorDetail.ConcurrentUpdate)),
        ("quota", new(FlyErrorClass.Capacity, FlyErrorDetail.Quota)),
        ("payment method", new(FlyErrorClass.Capacity, FlyErrorDetail.Quota)),
    ];

    /// <summary>Host maintenance is told by text alone, under any status.</summary>
    public static FlyVerdict? AnyStatus(string text) =>
        Has(text, "deploys to this host are temporarily disabled")
            ? new FlyVerdict(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)
            : null;

    public static FlyVerdict? Refusal(string operation, HttpStatusCode status, string text)
    {
        if (operation == FlyOperations.AppCreate && (Has(text, "already been taken") || Has(text, "uniqueness constraint violated")))
        {
            return new FlyVerdict(FlyErrorClass.NameTaken);
        }

        if (operation == FlyOperations.MachineCreate
            && (Has(text, "unique machine name violation") || (Has(text, "machine") && Has(text, "already exists"))))
        {
            return new FlyVerdict(FlyErrorClass.Conflict, FlyErrorDetail.MachineNameTaken, MachineIdIn(text));
        }

        foreach (var (phrase, verdict) in Refusals)
        {
            if (Has(text, phrase))
            {
                return verdict;
            }
        }

        if (status is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed)
        {
            return StaleVersion(text) ?? (status is HttpStatusCode.PreconditionFailed && Has(text, "volume")
                ? new FlyVerdict(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)
                : null);
        }

        return IsOrganisationLimit(text) ? new FlyVerdict(FlyErrorClass.Capacity, FlyErrorDetail.Quota) : null;
    }

    /// <summary>The id in "machine ID 148e… already exists with name …", or null.</summary>
    public static string? MachineIdIn(string text) => MachineId().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    private static FlyVerdict? StaleVersion(string text) =>
        Has(text, "current_version") || (Has(text, "version") && (Has(text, "match") || Has(text, "latest") || Has(text, "stale")))
            ? new FlyVerdict(FlyErrorClass.Conflict, FlyErrorDetail.VersionMismatch)
            : null;

    // "memory limit" in a validation error must not pass for a machine limit, hence the second word.
    private static bool IsOrganisationLimit(string text) =>
        Has(text, "limit") && (Has(text, "organi") || Has(text, "machine limit") || Has(text, "number of machines")
            || Has(text, "machines allowed") || Has(text, "reached") || Has(text, "trial"));

    private static bool Has(string text, string phrase) => text.Contains(phrase, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"machine ID ([0-9a-z]{6,32})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MachineId();
}
