using Dapper;

namespace Store;

internal sealed partial class PostgresStore
{
    private const string ReadFleetSql = "select value::text from fly_reconciler.fleet where key = @key;";

    public Task<string?> ReadFleetStateAsync(string key, CancellationToken cancellationToken) =>
        RunAsync("read fleet state", null, connection => connection.QuerySingleOrDefaultAsync<string?>(
            ReadFleetSql, new { key, cancellationToken }), cancellationToken);

    public Task WriteFleetStateAsync(LeaseToken lease, string key, string json, CancellationToken cancellationToken) =>
        RunAsync("write fleet state", lease, connection =>
        {
            const string Sql = Fence + """
                insert into fly_reconciler.fleet as f (key, value) values (@key, @json::jsonb)
                on conflict (key) do update set value = excluded.value, updated_at = now()
                 where f.value is distinct from excluded.value;
                """;
            json = PgText.CleanJson(json);
            return connection.ExecuteAsync(Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, key, json, cancellationToken });
        }, cancellationToken);

    public Task<string> GetOrCreateFleetStateAsync(string key, string json, CancellationToken cancellationToken) =>
        RunAsync("get or create fleet state", null, async connection =>
        {
            // The second statement sees what a simultaneous creator committed while the first waited for it.
            const string Sql = """
                insert into fly_reconciler.fleet (key, value) values (@key, @json::jsonb) on conflict (key) do nothing;

                """ + ReadFleetSql;
            json = PgText.CleanJson(json);
            return await connection.QuerySingleAsync<string>(Sql, new { key, json, cancellationToken });
        }, cancellationToken);

    public Task<BudgetDraw> TryDrawDestroyAsync(
        LeaseToken lease, string subject, int limitPerHour, CancellationToken cancellationToken) =>
        RunAsync("draw on the destruction budget", lease, async connection =>
        {
            const string Sql = Fence + "select granted, used, next_free_at from fly_reconciler.draw_destroy(@subject, @limitPerHour);";
            var row = await connection.QuerySingleAsync<DrawRow>(
                Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, subject, limitPerHour, cancellationToken });
            return new BudgetDraw(row.Granted, row.Used, row.NextFreeAt);
        }, cancellationToken);

    public Task<int> ReadDestroysLastHourAsync(CancellationToken cancellationToken) =>
        RunAsync("read the destruction budget", null, connection => connection.QuerySingleAsync<int>(
            "select count(*)::int from fly_reconciler.destroys where at > now() - interval '1 hour'",
            new { cancellationToken }), cancellationToken);

    internal sealed class DrawRow
    {
        public bool Granted { get; set; }
        public int Used { get; set; }
        public DateTime? NextFreeAt { get; set; }
    }
}
