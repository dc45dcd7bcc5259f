using DbUp.Engine.Transactions;
using Npgsql;

namespace Store;

/// <summary>DbUp's connections, with the database's notices in the log and each script sent whole.</summary>
internal sealed class DbUpConnections(NpgsqlDataSource dataSource, Action<string> log)
    : DatabaseConnectionManager(new DelegateConnectionFactory(_ =>
    {
        var connection = dataSource.CreateConnection();
        connection.Notice += (_, arguments) => log($"{arguments.Notice.Severity}: {arguments.Notice.MessageText}");
        return connection;
    }))
{
    public override IEnumerable<string> SplitScriptIntoCommands(string scriptContents) => [scriptContents];
}
