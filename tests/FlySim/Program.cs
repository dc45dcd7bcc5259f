namespace FlySim;

/// <summary>
/// The command-line server. A named class instead of top-level statements: those would make a global <c>Program</c>, which
/// collides with the product's in tests that reference both.
/// </summary>
internal static class EntryPoint
{
    private const int BadUsage = 2;
    private const int CannotListen = 3;

    public static async Task<int> Main(string[] args)
    {
        try
        {
            await using var server = await FlySimServer.StartAsync(CommandLine.Parse(args));
            Console.WriteLine($"FlySim listening on {server.BaseAddress.AbsoluteUri.TrimEnd('/')}");
            await server.WaitForShutdownAsync();
            return 0;
        }
        catch (FormatException problem)
        {
            Console.Error.WriteLine(problem.Message);
            Console.Error.WriteLine(CommandLine.Usage);
            return BadUsage;
        }
        catch (IOException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return CannotListen;
        }
    }
}
