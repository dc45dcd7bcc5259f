namespace FlyApi.Contracts;

/// <summary>Which part of the organisation's machine list to read.</summary>
/// <param name="UpdatedAfter">Only machines changed since; overlap the window, because changes may show late.</param>
/// <param name="Cursor">From the page before; wins over <paramref name="UpdatedAfter"/>.</param>
/// <param name="Limit">1 to 1,000 and advisory.</param>
public sealed record OrgMachinesQuery(
    DateTimeOffset? UpdatedAfter = null, string? Cursor = null, bool IncludeDeleted = false, int Limit = 1000);

/// <summary>A page of the organisation's machines.</summary>
/// <param name="NextCursor">Null (never empty) on the last page.</param>
/// <param name="ErrorRegions">Regions whose machines are missing from this answer: unknown, not gone.</param>
public sealed record OrgMachinesPage(
    IReadOnlyList<OrgMachine> Machines, string? NextCursor, IReadOnlyList<string> ErrorRegions);

/// <summary>
/// A machine as the organisation's list shows it: no checks, host status, digest or env. A small struct, because one is
/// read for every user in every pass; low-cardinality strings (state, region, image) are shared between rows.
/// </summary>
public readonly record struct OrgMachine(
    string AppName,
    string Id,
    string? Name,
    string State,
    string? Region,
    string? InstanceId,
    DateTimeOffset? UpdatedAt,
    string? Image,
    int Cpus,
    int MemoryMb);
