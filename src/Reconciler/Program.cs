using Reconciler.Cli;

return await CommandLine.RunAsync(args);
