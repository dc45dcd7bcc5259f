using Dapper;

namespace Store;

internal sealed partial class PostgresStore
{
    public Task RecordOwnershipAsync(
        LeaseToken lease, string appName, Guid userId, string orgSlug, OwnershipOrigin origin, CancellationToken cancellationToken) =>
        RunAsync("record ownership", lease, async connection =>
        {
            // A live record keeps how and when it came to be. One of another user's is taken over only after its release.
            const string Sql = Fence + """
                insert into fly_reconciler.ownership as o (app_name, user_id, origin, org_slug, machine_id)
                values (@appName, @userId, @originText, @orgSlug,
                        (select a.machine_id from fly_reconciler.apps a where a.user_id = @userId and a.fly_app_name = @appName))
                on conflict (app_name) do update
                   set user_id = excluded.user_id, org_slug = excluded.org_slug, released_at = null,
                       origin = case when o.released_at is null then o.origin else excluded.origin end,
                       acquired_at = case when o.released_at is null then o.acquired_at else excluded.acquired_at end,
                       machine_id = case when o.released_at is null then o.machine_id else excluded.machine_id end
                 where o.user_id = excluded.user_id or o.released_at is not null;
                """;
            var originText = Origins.Text(origin);
            var written = await connection.ExecuteAsync(
                Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, appName, userId, orgSlug, originText, cancellationToken });
            return written == 1 ? written : throw new AppNameInUseException(appName);
        }, cancellationToken);

    public Task ReleaseOwnershipAsync(LeaseToken lease, string appName, CancellationToken cancellationToken) =>
        RunAsync("release ownership", lease, connection =>
        {
            const string Sql = Fence + """
                update fly_reconciler.ownership set released_at = now(), machine_id = null, next_attempt_at = null
                 where app_name = @appName and released_at is null;
                """;
            return connection.ExecuteAsync(Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, appName, cancellationToken });
        }, cancellationToken);

    public Task<bool> ElectMachineAsync(
        LeaseToken lease, Guid userId, string appName, string? expected, string? elected, CancellationToken cancellationToken) =>
        RunAsync("elect machine", lease, async connection =>
        {
            // The row decides while there is one, whatever app it names; the ownership record follows it, so that the election survives the row.
            const string Sql = Fence + """
                with of_row as (
                  update fly_reconciler.apps
                     set machine_id = @elected,
                         updated_at = case when machine_id is distinct from @elected::text then now() else updated_at end
                   where user_id = @userId and fly_app_name = @appName and machine_id is not distinct from @expected::text
                  returning 1),
                of_record as (
                  update fly_reconciler.ownership o
                     set machine_id = @elected
                   where o.user_id = @userId and o.app_name = @appName
                     and (exists (select from of_row)
                          or (o.machine_id is not distinct from @expected::text
                              and not exists (select from fly_reconciler.apps a where a.user_id = @userId)))
                  returning 1)
                select exists (select from of_row) or exists (select from of_record);
                """;
            return await connection.QuerySingleAsync<bool>(
                Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, userId, appName, expected, elected, cancellationToken });
        }, cancellationToken);

    public Task OpenIntentAsync(LeaseToken lease, CreateIntent intent, CancellationToken cancellationToken) =>
        RunAsync("open intent", lease, connection =>
        {
            // Two statements, because the daemon's role may not update an intent.
            const string Sql = Fence + """
                delete from fly_reconciler.intents where launch_id = @LaunchId;
                insert into fly_reconciler.intents (launch_id, kind, app_name, user_id, machine_name, created_at)
                values (@LaunchId, @Kind, @AppName, @UserId, @MachineName, now());
                """;
            return connection.ExecuteAsync(
                Sql,
                new
                {
                    lease.LeaseName, lease.Holder, lease.Epoch,
                    intent.LaunchId, intent.Kind, intent.AppName, intent.UserId, intent.MachineName,
                    cancellationToken,
                });
        }, cancellationToken);

    public Task CloseIntentAsync(LeaseToken lease, string launchId, CancellationToken cancellationToken) =>
        RunAsync("close intent", lease, connection => connection.ExecuteAsync(
            Fence + "delete from fly_reconciler.intents where launch_id = @launchId;",
            new { lease.LeaseName, lease.Holder, lease.Epoch, launchId, cancellationToken }), cancellationToken);
}
