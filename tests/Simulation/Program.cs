using System.CommandLine;
using Simulation.Cli;
using Simulation.Engine;

if (!Director.HasOneWorker())
{
    Console.Error.WriteLine("The thread pool must have one worker (Simulation.runtimeconfig.json sets it): otherwise no seed replays.");
    return 2;
}

return await CommandLine.Root().Parse(args).InvokeAsync();
