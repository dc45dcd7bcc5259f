using Dapper;
using Npgsql;

namespace Store;

internal sealed partial class PostgresStore
{
    /// <summary>As many as <c>fly_reconciler.sync_tiers</c> answers with at most.</summary>
    private const int SyncBatch = 1000;

    public async Task<IReadOnlyList<Guid>> SyncTiersAsync(LeaseToken lease, CancellationToken cancellationToken)
    {
        var touched = new List<Guid>();
        List<SyncRow> rows;
        do
        {
            rows = await SyncBatchAsync(lease, cancellationToken);
            foreach (var row in rows.Where(static row => row.Problem is not null))
                StoreLog.TierNotSynchronised(logger, row.UserId, row.Problem!);
            touched.AddRange(rows.Where(static row => row.Problem is null).Select(static row => row.UserId));
        }
        while (rows.Count == SyncBatch && rows.Exists(static row => row.Problem is null)); // without progress, again would be for ever
        return touched;
    }

    private Task<List<SyncRow>> SyncBatchAsync(LeaseToken lease, CancellationToken cancellationToken) =>
        RunAsync("synchronise tiers", lease, async connection =>
        {
            const string Sql = Fence + "select user_id, problem from fly_reconciler.sync_tiers();";
            return (await connection.QueryAsync<SyncRow>(
                Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, cancellationToken })).ToList();
        }, cancellationToken);

    public Task WriteDefaultsAsync(LeaseToken lease, RowDefaults defaults, CancellationToken cancellationToken) =>
        RunAsync("write row defaults", lease, connection =>
        {
            const string Sql = Fence + """
                insert into fly_reconciler.row_defaults as d
                       (only_row, app_name_prefix, org_slug, region, docker_image, cpu_count, memory_mb)
                values (true, @AppNamePrefix, @OrgSlug, @Region, @DockerImage, @CpuCount, @MemoryMb)
                on conflict (only_row) do update
                   set app_name_prefix = excluded.app_name_prefix, org_slug = excluded.org_slug, region = excluded.region,
                       docker_image = excluded.docker_image, cpu_count = excluded.cpu_count, memory_mb = excluded.memory_mb
                 where d is distinct from excluded;
                """;
            return connection.ExecuteAsync(
                Sql,
                new
                {
                    lease.LeaseName, lease.Holder, lease.Epoch,
                    defaults.AppNamePrefix, defaults.OrgSlug, defaults.Region, defaults.DockerImage, defaults.CpuCount, defaults.MemoryMb,
                    cancellationToken,
                });
        }, cancellationToken);

    public Task<bool> RenameAppAsync(
        LeaseToken lease, Guid userId, string oldName, string newName, CancellationToken cancellationToken) =>
        RunAsync("rename app", lease, async connection =>
        {
            const string Sql = Fence + """
                update fly_reconciler.apps set fly_app_name = @newName, machine_id = null, updated_at = now()
                 where user_id = @userId and fly_app_name = @oldName;
                """;
            try
            {
                return await connection.ExecuteAsync(
                    Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, userId, oldName, newName, cancellationToken }) == 1;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                throw new AppNameInUseException(newName);
            }
        }, cancellationToken);

    internal sealed class SyncRow
    {
        public Guid UserId { get; set; }
        public string? Problem { get; set; }
    }
}
