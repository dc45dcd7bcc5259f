using Npgsql;

namespace TestKit;

/// <summary>One database of a test's own. Each call takes a connection of its own, so that calls can run side by side.</summary>
public sealed class TestDatabase(PostgresCluster cluster, string name)
{
    // Pooled, because starting a server process per statement is most of what a test would wait for; not for long, because
    // the databases of a test run share the server's connections.
    private readonly NpgsqlDataSource _owner = NpgsqlDataSource.Create(cluster.ConnectionString(
        PostgresCluster.HostOwner, name, static pool =>
    {
        pool.Pooling = true;
        pool.MaxPoolSize = 8;
        pool.ConnectionIdleLifetime = 5;
        pool.ConnectionPruningInterval = 2;
    }));

    public PostgresCluster Cluster => cluster;

    public string Name => name;

    /// <summary>As the owner of the host's tables: what runs the migrations.</summary>
    public string OwnerConnectionString => cluster.ConnectionString(PostgresCluster.HostOwner, name);

    public string SuperuserConnectionString => cluster.SuperuserConnectionString(name);

    public VyxData Data => new(this);

    public string ConnectionStringOf(string user) => cluster.ConnectionString(user, name);

    /// <summary>The whole schema as pg_dump writes it, without the lines that differ from one run to the next.</summary>
    public string DumpSchema()
    {
        var dump = Shell.Run(PostgresBinaries.Client("pg_dump"), "--schema-only", "--dbname", DumpUrl());
        return string.Join('\n', dump.Split('\n').Where(static line =>
            !line.StartsWith("\\restrict", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict", StringComparison.Ordinal)));
    }

    private string DumpUrl()
    {
        var connection = new NpgsqlConnectionStringBuilder(SuperuserConnectionString);
        return $"postgresql://{connection.Username}:{Uri.EscapeDataString(connection.Password ?? "")}@{connection.Host}:{connection.Port}/{connection.Database}";
    }

    /// <summary>A connection of the owner's, or one by the given string.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string? connectionString = null)
    {
        if (connectionString is null)
            return await _owner.OpenConnectionAsync();
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var connection = await OpenAsync();
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row; default when there is no row or it is null.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var connection = await OpenAsync();
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() && !await reader.IsDBNullAsync(0) ? await reader.GetFieldValueAsync<T>(0) : default;
    }

    /// <summary>The first column of every row.</summary>
    public async Task<List<T>> ListAsync<T>(string sql, params object[] values)
    {
        await using var connection = await OpenAsync();
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(await reader.GetFieldValueAsync<T>(0));
        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
