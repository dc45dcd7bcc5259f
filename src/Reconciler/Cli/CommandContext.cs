using Microsoft.Extensions.Logging.Console;
using Reconciler.Configuration;
using Reconciler.Hosting;
using Store;

namespace Reconciler.Cli;

/// <summary>What the one-shot commands share: configuration, ports and the object graph, logging warnings to standard error.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private CommandContext(Settings settings, ILoggerFactory loggers, PostgresStores stores, Core core)
    {
        Settings = settings;
        _loggers = loggers;
        Stores = stores;
        Core = core;
    }

    public Settings Settings { get; }
    public PostgresStores Stores { get; }
    public Core Core { get; }

    /// <summary>appsettings.json beside the program, then the environment.</summary>
    public static IConfigurationRoot ReadConfiguration() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    /// <exception cref="ConfigurationProblemException">With every problem at once.</exception>
    public static Settings ReadSettings(IConfiguration configuration)
    {
        var result = SettingsLoader.Load(configuration);
        return result.IsValid ? result.Settings : throw ConfigurationProblemException.Of(result);
    }

    /// <summary>For the commands that need only the database.</summary>
    /// <exception cref="ConfigurationProblemException">DATABASE_URL is missing.</exception>
    public static string ReadDatabaseUrl() => ReadConfiguration()["DATABASE_URL"] is { Length: > 0 } url
        ? url
        : throw new ConfigurationProblemException("DATABASE_URL is not set: give the database's URL (postgresql://…) or its key=value form.");

    public static ILoggerFactory Loggers() => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(LogLevel.Warning).AddConsole(options =>
        {
            options.FormatterName = OneLineFormatter.FormatterName;
            options.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        builder.Services.AddSingleton<ConsoleFormatter, OneLineFormatter>();
    });

    public static PostgresStores OpenStores(string databaseUrl, ILoggerFactory loggers) => StoreFactory.Create(
        new StoreOptions { ConnectionString = databaseUrl }, TimeProvider.System, loggers, RealWorld.Random);

    public static async Task<CommandContext> OpenAsync(CancellationToken cancellationToken)
    {
        var settings = ReadSettings(ReadConfiguration());
        var loggers = Loggers();
        var stores = OpenStores(settings.DatabaseUrl.Reveal(), loggers);
        var digestKey = await FleetMemory.DigestKeyAsync(stores.Store, cancellationToken);
        return new CommandContext(settings, loggers, stores, new Core(settings, RealWorld.Ports(stores, loggers), digestKey));
    }

    public async ValueTask DisposeAsync()
    {
        Core.Dispose();
        await Stores.DisposeAsync();
        _loggers.Dispose();
    }
}
