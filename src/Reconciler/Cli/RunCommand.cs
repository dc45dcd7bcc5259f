using Reconciler.Configuration;
using Reconciler.Hosting;

namespace Reconciler.Cli;

/// <summary><c>run</c>: the daemon.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var configuration = CommandContext.ReadConfiguration();
        var result = SettingsLoader.Load(configuration);
        if (result.Settings is not { } settings)
        {
            throw ConfigurationProblemException.Of(result);
        }

        await using var app = DaemonHost.Build(settings, result.Warnings, configuration);
        var daemon = app.Services.GetRequiredService<DaemonService>(); // running disposes the services
        await app.RunAsync(cancellationToken);
        return daemon.ExitCode;
    }
}
