using Npgsql;

namespace Store.Tests.Contract;

/// <summary>PostgreSQL with our migrations, and the store as the daemon's role.</summary>
public sealed class PostgresWorld : World
{
    private readonly StoreFixture _fixture = new();
    private readonly List<PostgresStores> _feeds = [];

    public override IStore Store => _fixture.Store;

    public override ILeaseStore Leases => _fixture.Stores.Leases;

    private TestDatabase Database => _fixture.Database;

    private VyxData Data => _fixture.Data;

    public override async Task InitializeAsync()
    {
        await _fixture.InitializeAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        foreach (var feed in _feeds)
            await feed.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    public override Task<DateTime> NowAsync() => Database.ScalarAsync<DateTime>("select clock_timestamp()");

    // Nobody changed anything, so no trigger may count it as a change.
    public override Task PassAsync(TimeSpan span) => WithoutTriggersAsync($"""
        update fly_reconciler.lease set expires_at = expires_at - '{span}'::interval, renewed_at = renewed_at - '{span}'::interval;
        update public.user_subscriptions set expires_at = expires_at - '{span}'::interval where expires_at is not null;
        update public.user_fly_apps
           set next_attempt_at = next_attempt_at - '{span}'::interval, paused_until = paused_until - '{span}'::interval
         where next_attempt_at is not null or paused_until is not null;
        update fly_reconciler.ownership
           set acquired_at = acquired_at - '{span}'::interval, released_at = released_at - '{span}'::interval,
               next_attempt_at = next_attempt_at - '{span}'::interval;
        update fly_reconciler.destroys set at = at - '{span}'::interval;
        """);

    public override Task<IChangeFeed> OpenFeedAsync()
    {
        var stores = StoreFixture.Open(_fixture.DaemonConnectionString);
        _feeds.Add(stores);
        return Task.FromResult(stores.Changes);
    }

    public override Task<Guid> CreateUserAsync(string tier = "free", string status = "active", DateTime? expiresAt = null, Guid? id = null) =>
        Data.CreateUserAsync(tier, status, expiresAt, id);

    public override Task CreateAccountAsync(Guid userId) => Data.CreateAccountAsync(userId);

    public override Task SetTierAsync(Guid userId, string tier) => Data.SetTierAsync(userId, tier);

    public override Task SetStatusAsync(Guid userId, string status) => Data.SetStatusAsync(userId, status);

    public override Task SetExpiryAsync(Guid userId, DateTime? expiresAt) => Data.SetExpiryAsync(userId, expiresAt);

    public override Task MoveSubscriptionAsync(Guid userId, Guid? to) => Database.ExecuteAsync(
        "update public.user_subscriptions set user_id = $2::uuid where user_id = $1", userId, (object?)to ?? DBNull.Value);

    public override Task DeleteSubscriptionAsync(Guid userId) =>
        Database.ExecuteAsync("delete from public.user_subscriptions where user_id = $1", userId);

    public override Task LoseSubscriptionsAsync() => WithoutTriggersAsync("delete from public.user_subscriptions");

    public override Task DeleteUserAsync(Guid userId) => Data.DeleteUserAsync(userId);

    public override Task EnableTriggerAsync(bool enabled) => Database.ExecuteAsync(
        $"alter table public.user_subscriptions {(enabled ? "enable" : "disable")} trigger fly_reconciler_tier");

    public override async Task<Guid> PlantRowAsync(
        Guid userId, string appName, string status = "active", DateTime? deletedAt = null, bool inherited = false)
    {
        if (!inherited)
            return await Data.CreateAppRowAsync(userId, appName, status, deletedAt);
        // What the migration would have made of it.
        return await Database.ScalarAsync<Guid>(
            """
            with planted as (
              insert into public.user_fly_apps
                     (user_id, fly_app_name, fly_org_slug, status, region, docker_image, cpu_count, memory_mb, deleted_at, tier)
              select $1, $2, 'vyx', $3, 'sjc', 'registry.fly.io/vyx-app:deployment-01', 4, 1024, $4::timestamptz,
                     case when $4::timestamptz is null then coalesce(
                       (select fly_reconciler.effective_tier(s.tier, s.status, s.expires_at)
                          from public.user_subscriptions s where s.user_id = $1), 'free') else 'free' end
              returning *),
            owned as (
              insert into fly_reconciler.ownership (app_name, user_id, origin, org_slug)
              select fly_app_name, user_id, 'inherited', fly_org_slug from planted where deleted_at is null and status <> 'deleted'
              on conflict (app_name) do nothing)
            select id from planted
            """,
            userId, appName, status, (object?)deletedAt ?? DBNull.Value);
    }

    public override Task SetSpecAsync(Guid userId, string? json) => Database.ExecuteAsync(
        "update public.user_fly_apps set spec = $2::text::jsonb where user_id = $1", userId, (object?)json ?? DBNull.Value);

    public override Task<bool> PauseAsync(Guid userId, string owner, string reason, DateTime? until = null) => Database.ScalarAsync<bool>(
        "select fly_reconciler.pause($1, $2, $3, $4::timestamptz)", userId, owner, reason, (object?)until ?? DBNull.Value);

    public override Task<bool> UnpauseAsync(Guid userId) => Database.ScalarAsync<bool>("select fly_reconciler.unpause($1)", userId);

    public override Task<bool> ForceAsync(Guid userId) => Database.ScalarAsync<bool>("select fly_reconciler.force($1)", userId);

    public override Task EditRowAsync(Guid userId, string column, object? value) => Database.ExecuteAsync(
        $"update public.user_fly_apps set {column} = $2 where user_id = $1", userId, value ?? DBNull.Value);

    public override Task ForbidRowAsync(Guid userId) => Database.ExecuteAsync(
        $"alter table public.user_fly_apps add constraint poison check (user_id <> '{userId}') not valid");

    public override Task<string?> RowTierAsync(Guid userId) =>
        Database.ScalarAsync<string>("select tier from public.user_fly_apps where user_id = $1", userId);

    public override async Task<string> RowVersionAsync(Guid userId) => (await Database.ScalarAsync<string>(
        "select concat(xmin, ' ', ctid, ' ', updated_at) from public.user_fly_apps where user_id = $1", userId))!;

    public override Task<IReadOnlyList<SeenEvent>> AppEventsAsync(Guid rowId) => EventsAsync(
        "from public.user_fly_app_events where fly_app_id = $1 order by created_at", rowId);

    public override Task<IReadOnlyList<SeenEvent>> JournalAsync(Guid userId) => EventsAsync(
        "from fly_reconciler.events where user_id = $1 order by created_at", userId);

    public override async Task<string> DumpAsync() => (await Database.ScalarAsync<string>("""
        select md5(concat(
          (select string_agg(a::text, ';' order by a.id) from public.user_fly_apps a),
          (select string_agg(e::text, ';' order by e.id) from public.user_fly_app_events e),
          (select string_agg(o::text, ';' order by o.app_name) from fly_reconciler.ownership o),
          (select string_agg(i::text, ';' order by i.launch_id) from fly_reconciler.intents i),
          (select string_agg(f::text, ';' order by f.key) from fly_reconciler.fleet f),
          (select string_agg(d::text, ';' order by d.subject) from fly_reconciler.destroys d),
          (select string_agg(e::text, ';' order by e.id) from fly_reconciler.events e),
          (select string_agg(r::text, ';') from fly_reconciler.row_defaults r)))
        """))!;

    private async Task WithoutTriggersAsync(string sql)
    {
        await using var connection = await Database.OpenAsync(Database.SuperuserConnectionString);
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}", connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<IReadOnlyList<SeenEvent>> EventsAsync(string from, Guid id)
    {
        var texts = await Database.ListAsync<string[]>($"select array[event_type, status, metadata::text, error_details] {from}", id);
        return [.. texts.Select(static text => new SeenEvent(text[0], text[1], text[2], text[3]))];
    }
}
