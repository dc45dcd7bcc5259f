using FlySim.Http;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>The filters that both machine lists share.</summary>
internal sealed record ListFilter(bool IncludeDeleted, string? Region, IReadOnlySet<string>? States)
{
    public static ListFilter From(Call call) => new(
        call.Flag("include_deleted"),
        call.Query("region"),
        call.Query("state")?.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal));

    public bool Keeps(ListView view) =>
        (Region is null || view.Region == Region)
        && (States is not null ? States.Contains(view.State) : IncludeDeleted || view.State != Model.States.Destroyed);
}
