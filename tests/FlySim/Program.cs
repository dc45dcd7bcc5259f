using FlySim;

FlySimOptions options;
try
{
    options = CommandLine.Parse(args);
}
catch (FormatException problem)
{
    Console.Error.WriteLine(problem.Message);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

await using var server = await FlySimServer.StartAsync(options);
Console.WriteLine($"FlySim listening on {server.BaseAddress.AbsoluteUri.TrimEnd('/')}");
await server.WaitForShutdownAsync();
return 0;
