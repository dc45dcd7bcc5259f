using Soak;

return await CommandLine.RunAsync(args);
