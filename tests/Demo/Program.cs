using Demo;

if (DemoOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(DemoOptions.Usage);
    return ExitCode.BadUsage;
}

using var interruption = new Interruption();
return await DemoRun.RunAsync(options, interruption.Token);
