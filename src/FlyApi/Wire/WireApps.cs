namespace FlyApi.Wire;

internal sealed record WireCreateApp(string Name, string OrgSlug, string? Network);

internal sealed record WireCreatedApp
{
    public string? Id { get; init; }
}

internal sealed record WireApp
{
    public string? Name { get; init; }
    public string? Status { get; init; }
    public WireOrganisation? Organization { get; init; }
    public int? MachineCount { get; init; }
}

internal sealed record WireOrganisation
{
    public string? Slug { get; init; }
}

internal sealed record WireApps
{
    public List<WireApp?>? Apps { get; init; }
    public int? TotalApps { get; init; }
}
