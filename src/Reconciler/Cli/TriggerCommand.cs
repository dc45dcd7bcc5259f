using Store;

namespace Reconciler.Cli;

/// <summary><c>trigger</c>: hands the subscriptions over to the controller, or back to the old functions. One statement either way.</summary>
internal static class TriggerCommand
{
    public static async Task<int> RunAsync(bool ours, CancellationToken cancellationToken)
    {
        var url = CommandContext.ReadDatabaseUrl();
        if (ours)
        {
            await TriggerSwitch.ToOursAsync(url, cancellationToken);
            Console.Out.WriteLine("The controller's trigger follows the subscriptions; the old one is off. Back: reconciler trigger old");
        }
        else
        {
            await TriggerSwitch.ToOldAsync(url, cancellationToken);
            Console.Out.WriteLine("The old trigger is on again and ours is off. A daemon that enforces still acts: stop it, or set Reconciler__Mode=Observe.");
        }

        return ExitCodes.Fine;
    }
}
