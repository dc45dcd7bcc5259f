using FlyApi;
using FlyApi.Contracts;
using Reconciler.Telemetry;
using Reconciler.Texts;

namespace Reconciler.Observing;

/// <param name="Interval">Between two looks at what changed. Default 5 s.</param>
/// <param name="FullInterval">Between two full lists. Default 10 min.</param>
/// <param name="Overlap">How far back a look at changes reaches, because changes show late. Default 60 s.</param>
internal sealed record InformerOptions(TimeSpan Interval, TimeSpan FullInterval, TimeSpan Overlap)
{
    /// <summary>Spread of every interval, so that two processes do not march in step.</summary>
    public const double Jitter = 0.1;
}

/// <summary>
/// Follows every machine of the organisation: a full list, then only what changed, with overlap. The cost is a fixed rate of
/// calls whatever the fleet's size. It enqueues and never decides.
/// </summary>
internal sealed class AppInformer(
    IFlyApi fly, string orgSlug, FleetView view, InformerOptions options, TimeProvider time, Func<double> random, ILogger<AppInformer> logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);

    /// <summary>A cursor that is always another one must not be followed for ever; this many pages are a million machines.</summary>
    private const int MostPages = 1_000;

    /// <summary>Raised with the apps in which something changed.</summary>
    public event Action<IReadOnlyList<string>>? Changed;

    /// <summary>Raised after each full list, complete or not.</summary>
    public event Action? Listed;

    /// <summary>When the loop last came round, failures included: the liveness probe's evidence.</summary>
    public DateTimeOffset LastTurn { get; private set; }

    /// <summary>Why the last look failed; null when it did not.</summary>
    public string? Problem { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (failures, nextFull) = (0, time.GetUtcNow());
        DateTimeOffset? since = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            LastTurn = time.GetUtcNow();
            TimeSpan wait;
            try
            {
                if (LastTurn >= nextFull || since is null)
                {
                    since = await ListAsync(cancellationToken);
                    nextFull = time.GetUtcNow() + Spread(options.FullInterval);
                    Listed?.Invoke();
                }
                else
                {
                    since = await FollowAsync(since.Value, cancellationToken);
                }

                (failures, Problem) = (0, null);
                wait = Spread(options.Interval);
            }
            catch (FlyApiException exception)
            {
                Problem = exception.Message;
                wait = TimeSpan.FromSeconds(Math.Min(LastRetry.TotalSeconds, FirstRetry.TotalSeconds * Math.Pow(2, Math.Min(failures++, 10))));
                InformerLog.LookFailed(logger, failures, wait, exception.Message);
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>One full list into the view. Throws when a page fails: half a list is no list.</summary>
    public async Task<DateTimeOffset> ListAsync(CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        var errorRegions = new SortedSet<string>(StringComparer.Ordinal);
        var pages = await ReadPagesAsync(new OrgMachinesQuery(), errorRegions, cancellationToken);
        view.Replace(pages.SelectMany(static page => page), [.. errorRegions], asOf);
        if (errorRegions.Count > 0)
        {
            InformerLog.RegionsMissing(logger, UntrustedText.ForLog(string.Join(", ", errorRegions)));
        }

        return asOf;
    }

    private async Task<DateTimeOffset> FollowAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        var errorRegions = new SortedSet<string>(StringComparer.Ordinal);
        var query = new OrgMachinesQuery(UpdatedAfter: since - options.Overlap, IncludeDeleted: true);
        var pages = await ReadPagesAsync(query, errorRegions, cancellationToken);
        var changed = view.Apply(pages.SelectMany(static page => page), asOf);
        if (changed.Count > 0)
        {
            Changed?.Invoke(changed);
        }

        // A region that did not answer may have changed meanwhile: do not move past it.
        return errorRegions.Count == 0 ? asOf : since;
    }

    private async Task<List<IReadOnlyList<OrgMachine>>> ReadPagesAsync(
        OrgMachinesQuery query, SortedSet<string> errorRegions, CancellationToken cancellationToken)
    {
        var pages = new List<IReadOnlyList<OrgMachine>>();
        string? cursor = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var page = await fly.ListOrgMachinesAsync(orgSlug, query with { Cursor = cursor }, cancellationToken);
            pages.Add(page.Machines);
            errorRegions.UnionWith(page.ErrorRegions);
            if (page.NextCursor is not null && !seen.Add(page.NextCursor))
            {
                throw new FlyApiException(
                    FlyErrorClass.Transient, "orgs.machines", null, "the list's cursor does not advance", detail: FlyErrorDetail.UnreadableAnswer);
            }

            if (pages.Count > MostPages)
            {
                throw new FlyApiException(
                    FlyErrorClass.Transient, "orgs.machines", null, $"the list does not end within {MostPages} pages", detail: FlyErrorDetail.UnreadableAnswer);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return pages;
    }

    private TimeSpan Spread(TimeSpan interval) => interval * (1 + (InformerOptions.Jitter * ((2 * random()) - 1)));
}
