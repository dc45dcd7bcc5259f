using Npgsql;

namespace Store;

/// <summary>Counts the fleet in the database, so that rows do not travel for the sake of a chart.</summary>
internal sealed class PostgresFleetStatistics(NpgsqlDataSource dataSource) : PostgresPort(dataSource), IFleetStatistics
{
    private const string Sql = """
        with live as materialized (
          select a.status,
                 jsonb_path_query_first(a.conditions, '$[*] ? (@.type == "Ready").reason') #>> '{}' as reason,
                 a.controller_state #>> '{lastGood,imageDigest}' as image,
                 a.controller_state #>> '{lastGood,secretsDigest}' as secrets,
                 coalesce(a.monthly_cost_estimate_usd, 0) as cost
            from fly_reconciler.apps a
           where a.deleted_at is null)
        select case when grouping(l.status) = 0 then 's' when grouping(l.image) = 0 then 'i' when grouping(l.secrets) = 0 then 'k' else 'c' end,
               l.status, l.reason, l.image, l.secrets, count(*)::int, sum(l.cost)::numeric
          from live l
         group by grouping sets ((l.status, l.reason), (l.image), (l.secrets), ())
         order by 6 desc, 2, 3, 4, 5
        """;

    public Task<FleetStatistics> ReadAsync(CancellationToken cancellationToken) =>
        RunAsync("read the fleet's numbers", null, async connection =>
        {
            await using var command = new NpgsqlCommand(Sql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var states = new List<StateCount>();
            var (images, secrets, cost) = (new List<DigestCount>(), new List<DigestCount>(), 0m);
            while (await reader.ReadAsync(cancellationToken))
            {
                var users = reader.GetInt32(5);
                switch (reader.GetString(0))
                {
                    case "s":
                        states.Add(new StateCount(reader.GetString(1), Text(reader, 2), users));
                        break;
                    case "i":
                        images.Add(new DigestCount(Text(reader, 3), users));
                        break;
                    case "k":
                        secrets.Add(new DigestCount(Text(reader, 4), users));
                        break;
                    default:
                        cost = reader.IsDBNull(6) ? 0m : reader.GetDecimal(6);
                        break;
                }
            }

            return new FleetStatistics(states, images, secrets, cost);
        }, cancellationToken);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
