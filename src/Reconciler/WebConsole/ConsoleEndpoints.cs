using Reconciler.Configuration;
using Reconciler.Rollouts;
using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.History;
using Reconciler.WebConsole.Html;
using Reconciler.WebConsole.Pages;
using Reconciler.WebConsole.Users;
using Store;

namespace Reconciler.WebConsole;

/// <summary>The pages for looking; those for acting are in the file beside.</summary>
internal sealed partial class ConsoleEndpoints : IDisposable
{
    private readonly ConsoleSource _source;
    private readonly ConsoleAccess _access;
    private readonly FleetReader _fleet;
    private readonly UserReader _users;
    private readonly Rosters _rosters = new();
    private readonly MinuteRing _ring;
    private readonly MeterFeed _feed;
    private readonly Actions.OperatorActions _actions;
    private readonly ILogger _logger;

    public ConsoleEndpoints(ConsoleSource source, ConsoleSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        _source = source;
        _access = new ConsoleAccess(settings, time);
        _fleet = new FleetReader(source, time);
        _users = new UserReader(source, _fleet, time);
        _ring = new MinuteRing(time);
        _feed = new MeterFeed(_ring);
        _actions = new Actions.OperatorActions(source, _fleet, time, loggers.CreateLogger<Actions.OperatorActions>());
        _logger = loggers.CreateLogger<ConsoleEndpoints>();
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => LookAsync(context, () => FleetAsync(context, fragment: false)));
        routes.MapGet("/fragments/fleet", context => LookAsync(context, () => FleetAsync(context, fragment: true)));
        routes.MapGet("/rollout", context => LookAsync(context, () => RolloutAsync(context, fragment: false)));
        routes.MapGet("/fragments/rollout", context => LookAsync(context, () => RolloutAsync(context, fragment: true)));
        routes.MapGet("/users", context => LookAsync(context, () => UsersAsync(context)));
        routes.MapGet("/users/{key}", context => LookAsync(context, () => UserAsync(context, fragment: false)));
        routes.MapGet("/fragments/users/{key}", context => LookAsync(context, () => UserAsync(context, fragment: true)));
        routes.MapGet("/cells/{roster:int}/{place:int}", context => LookAsync(context, () => CellAsync(context)));
        routes.MapGet("/assets/{name}", context => Assets.Find(Route(context, "name")) is var (body, type)
            ? ConsoleResponse.AssetAsync(context, body, type)
            : NotFoundAsync(context));
        MapActions(routes);
        routes.MapFallback(NotFoundAsync);
    }

    public void Dispose()
    {
        _feed.Dispose();
        _fleet.Dispose();
    }

    private async Task FleetAsync(HttpContext context, bool fragment)
    {
        if (await _fleet.ReadAsync(context.RequestAborted) is not { } state)
        {
            await NoDataAsync(context, fragment, "The daemon is not connected to the database yet.");
            return;
        }

        var summary = FleetSummary.Of(state);
        var viewer = _access.ViewerOf(context.Request);
        void Content(HtmlWriter page) => FleetPage.Write(page, state, summary, _rosters.NumberOf(state.Rows), _ring.Read(), viewer);
        await ShowAsync(context, fragment, new PageFrame(Headline.Title(state, summary), viewer, "/", "/fragments/fleet"), Content);
    }

    private async Task RolloutAsync(HttpContext context, bool fragment)
    {
        if (_source.Parts is not { } parts)
        {
            await NoDataAsync(context, fragment, "The daemon is not connected to the database yet.");
            return;
        }

        var rollout = ShownRollout.Of(await parts.Store.ReadRolloutAsync(null, withUsers: true, context.RequestAborted));
        var history = await parts.Store.ReadRolloutHistoryAsync(50, context.RequestAborted);
        var viewer = _access.ViewerOf(context.Request);
        var frame = new PageFrame($"Rollout: {rollout.Phase} – Reconciler", viewer, "/rollout", "/fragments/rollout");
        await ShowAsync(context, fragment, frame, page => RolloutPage.Write(page, rollout, history, viewer));
    }

    private async Task UsersAsync(HttpContext context)
    {
        var query = context.Request.Query["q"].ToString().Trim();
        if (query.Length > 0 && await _users.FindAsync(query, context.RequestAborted) is { } found)
        {
            await ConsoleResponse.SeeOther(context, $"/users/{found}");
            return;
        }

        if (await _fleet.ReadAsync(context.RequestAborted) is not { } state)
        {
            await NoDataAsync(context, fragment: false, "The daemon is not connected to the database yet.");
            return;
        }

        var kind = CellKinds.Parse(context.Request.Query["state"]);
        _ = int.TryParse(context.Request.Query["page"], out var number);
        var frame = new PageFrame("Users – Reconciler", _access.ViewerOf(context.Request), "/users", Query: query);
        await ShowAsync(context, fragment: false, frame, page => UsersPage.Write(page, state, query, kind, number));
    }

    private async Task UserAsync(HttpContext context, bool fragment)
    {
        var key = Route(context, "key");
        if (_source.Parts is not { } parts)
        {
            await NoDataAsync(context, fragment, "The daemon is not connected to the database yet.");
            return;
        }

        if (await _users.FindAsync(key, context.RequestAborted) is not { } id || await _users.ReadAsync(id, context.RequestAborted) is not { } state)
        {
            await NotFoundAsync(context);
            return;
        }

        var viewer = _access.ViewerOf(context.Request);
        var isLeader = parts.Leadership() is { CanAct: true };
        var frame = new PageFrame(UserPage.Title(state), viewer, $"/users/{id}", $"/fragments/users/{id}");
        await ShowAsync(context, fragment, frame, page => UserPage.Write(page, state, isLeader, viewer));
    }

    /// <summary>Who stands at a place of the picture: the way there, or (<c>?say</c>) one line about it.</summary>
    private async Task CellAsync(HttpContext context)
    {
        var known = int.TryParse(Route(context, "roster"), out var roster) & int.TryParse(Route(context, "place"), out var place);
        var say = context.Request.Query.ContainsKey("say");
        if (!known || _rosters.Find(roster, place) is not { } user)
        {
            await (say ? ConsoleResponse.TextAsync(context, "") : NotFoundAsync(context));
        }
        else if (!say)
        {
            await ConsoleResponse.SeeOther(context, $"/users/{user}");
        }
        else
        {
            var row = (await _fleet.ReadAsync(context.RequestAborted))?.Rows.FirstOrDefault(r => r.UserId == user);
            var kind = row is null ? CellKind.Leaving : FleetClassifier.KindOf(row);
            await ConsoleResponse.TextAsync(
                context, row is null ? "gone" : Texts.UntrustedText.Clean($"{row.AppName}: {kind.Word()}{(kind == CellKind.Ready ? "" : $", {row.Reason ?? "not looked at yet"}")}", 300));
        }
    }

    private static Task ShowAsync(HttpContext context, bool fragment, PageFrame frame, Action<HtmlWriter> content)
    {
        if (!fragment)
        {
            var said = ConsoleResponse.TakeFlash(context);
            return ConsoleResponse.PageAsync(context, StatusCodes.Status200OK, (frame with { Said = said }).Render(content));
        }

        var page = new HtmlWriter();
        content(page);
        return ConsoleResponse.FragmentAsync(context, page.ToString());
    }

    private async Task LookAsync(HttpContext context, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            await NoDataAsync(context, context.Request.Path.StartsWithSegments("/fragments"), exception.Message);
        }
    }

    private Task NoDataAsync(HttpContext context, bool fragment, string why)
    {
        var live = context.Request.Path == "/" ? "/fragments/fleet" : null;
        var frame = new PageFrame("No data – Reconciler", _access.ViewerOf(context.Request), context.Request.Path, live);
        var page = new HtmlWriter();
        PlainPages.NoData(page, why);
        return ConsoleResponse.PageAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            fragment ? page.ToString() : frame.Render(p => PlainPages.NoData(p, why)));
    }

    private Task NotFoundAsync(HttpContext context) => PlainAsync(
        context, StatusCodes.Status404NotFound, "Not found – Reconciler", page => PlainPages.NotFound(page, context.Request.Path));

    private Task PlainAsync(HttpContext context, int status, string title, Action<HtmlWriter> content) =>
        ConsoleResponse.PageAsync(context, status, new PageFrame(title, _access.ViewerOf(context.Request), "/").Render(content));

    private static string Route(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";
}
