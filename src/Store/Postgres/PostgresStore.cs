using Microsoft.Extensions.Logging;
using Npgsql;

namespace Store;

/// <summary>The store on PostgreSQL; one file per family of methods.</summary>
internal sealed partial class PostgresStore(NpgsqlDataSource dataSource, ILogger logger) : PostgresPort(dataSource), IStore;
