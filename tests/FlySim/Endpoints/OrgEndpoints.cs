using System.Text;
using FlySim.Admin;
using FlySim.Http;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Endpoints;

/// <summary>The organisation's machine list: pages in the order of the last change.</summary>
internal static class OrgEndpoints
{
    public static void Map(Routes routes) =>
        routes.Map("GET", "/v1/orgs/{org}/machines", Operation.Read("orgs.machines"), List);

    private static Reply List(Call call)
    {
        call.World.RequireOwnOrg(call.Route("org")!);
        if (call.IsFault(FaultKinds.EmptyList))
        {
            return Render([], next: null, call, errorRegion: null);
        }

        var errorRegion = call.IsFault(FaultKinds.ErrorRegion) ? call.Fault!.Region ?? call.World.Options.DefaultRegion : null;
        var filter = ListFilter.From(call);
        var after = Start(call);
        var repeat = call.IsFault(FaultKinds.RepeatRow);
        var rows = call.World.OrgViews(call.ListLagMs)
            .Where(r => World.Compare((r.View.At, r.Machine.Id), after) > (repeat ? -1 : 0))
            .Where(r => filter.Keeps(r.View) && r.View.Region != errorRegion)
            .Take(PageSize(call) + 1)
            .ToList();
        if (repeat && call.Query("cursor") is null && rows.Count > 0)
        {
            rows.Insert(0, rows[0]);
        }

        return Page(call, rows, errorRegion, after);
    }

    private static Reply Page(
        Call call, List<(SimMachine Machine, ListView View)> rows, string? errorRegion, (DateTimeOffset At, string Id) after)
    {
        if (call.IsFault(FaultKinds.EmptyPage))
        {
            return Render([], Cursor(after), call, errorRegion);
        }

        string? next = null;
        if (rows.Count > PageSize(call))
        {
            rows.RemoveAt(rows.Count - 1);
            next = Cursor((rows[^1].View.At, rows[^1].Machine.Id));
        }

        if (call.IsFault(FaultKinds.MissingPage))
        {
            rows.Clear();
        }

        return Render(rows, next, call, errorRegion);
    }

    private static int PageSize(Call call)
    {
        var most = call.World.Settings.MaxPageSize;
        return (int)Math.Clamp(call.Number("limit") ?? most, 1, most);
    }

    /// <summary>Where the page begins: after the cursor's row, or after a time, or at the very first.</summary>
    private static (DateTimeOffset At, string Id) Start(Call call)
    {
        if (call.Query("cursor") is { } cursor)
        {
            return Decode(cursor);
        }

        if (call.Query("updated_after") is not { } text)
        {
            return (DateTimeOffset.MinValue, "");
        }

        // "~" sorts behind every id: changes at that very time are not after it.
        return Timestamps.TryParse(text, out var moment)
            ? (moment, "~")
            : throw new RefusedException(400, "invalid_argument: updated_after must be an RFC 3339 time");
    }

    private static string Cursor((DateTimeOffset At, string Id) row) =>
        Convert.ToHexStringLower(Encoding.ASCII.GetBytes($"{row.At.UtcTicks}.{row.Id}"));

    private static (DateTimeOffset At, string Id) Decode(string cursor)
    {
        try
        {
            var parts = Encoding.ASCII.GetString(Convert.FromHexString(cursor)).Split('.', 2);
            return (new DateTimeOffset(long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero), parts[1]);
        }
        catch (Exception problem) when (problem is FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new RefusedException(400, "invalid_argument: invalid cursor");
        }
    }

    private static Reply Render(List<(SimMachine Machine, ListView View)> rows, string? next, Call call, string? errorRegion)
    {
        var summary = call.Flag("summary");
        return Reply.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("machines");
            foreach (var (machine, view) in rows)
            {
                OrgMachineJson.Write(writer, machine, view, call.World.Settings, summary);
            }

            writer.WriteEndArray();
            writer.WriteString("next_cursor", next ?? "");
            if (rows.Count > 0)
            {
                writer.WriteString("last_machine_id", rows[^1].Machine.Id);
                writer.WriteString("last_updated_at", Timestamps.Of(rows[^1].View.At, call.World.Settings));
            }

            writer.WriteStartArray("error_regions");
            if (errorRegion is not null)
            {
                writer.WriteStringValue(errorRegion);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
