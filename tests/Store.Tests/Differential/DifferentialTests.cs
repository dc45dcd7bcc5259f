using System.Diagnostics;
using System.Globalization;
using Store.Tests.Contract;
using Xunit.Abstractions;

namespace Store.Tests.Differential;

/// <summary>Random histories, step by step on PostgreSQL and on the model: each answer, each hint and each read has to be the same.</summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const string SeedVariable = "STORE_DIFFERENTIAL_SEED";
    private const string SecondsVariable = "STORE_DIFFERENTIAL_SECONDS";
    private const int StepsPerSeed = 200;

    private static TimeSpan Budget => TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable(SecondsVariable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 8);

    [Fact]
    public async Task The_model_answers_as_the_database_does()
    {
        if (Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } text)
        {
            await CompareAsync(int.Parse(text, CultureInfo.InvariantCulture));
            return;
        }

        var watch = Stopwatch.StartNew();
        var seeds = 0;
        for (var seed = 1; seeds == 0 || watch.Elapsed < Budget; seeds++)
        {
            await CompareAsync(seed);
            seed = Random.Shared.Next(); // the first is always the same one
        }
        output.WriteLine($"{seeds} histories of {StepsPerSeed} steps");
    }

    private static async Task CompareAsync(int seed)
    {
        var (postgres, model) = (new PostgresWorld(), new ModelWorld());
        await postgres.InitializeAsync();
        await model.InitializeAsync();
        await using (var hintsOfPostgres = await Listener.OpenAsync(postgres))
        await using (var hintsOfModel = await Listener.OpenAsync(model))
            await CompareAsync(seed, new Side(postgres, hintsOfPostgres), new Side(model, hintsOfModel));
        await postgres.DisposeAsync();
        await model.DisposeAsync();
    }

    private static async Task CompareAsync(int seed, Side postgres, Side model)
    {
        var steps = new Steps(seed);
        var history = new List<string>();
        for (var i = 0; i < StepsPerSeed; i++)
        {
            var step = steps.Next();
            history.Add($"{i}: {step.Text}");
            var all = i % 20 == 0 || i == StepsPerSeed - 1;
            Same(await RunAsync(postgres, step, all ? steps.Users : []), await RunAsync(model, step, all ? steps.Users : []), seed, history);
        }
    }

    private static async Task<string> RunAsync(Side side, Step step, IEnumerable<Guid> eventsOf)
    {
        side.Now = await side.World.NowAsync();
        side.Everythings = 0;
        string answer;
        try
        {
            answer = await step.Run(side);
        }
        catch (Exception error)
        {
            answer = Described.Error(error); // whatever one side throws, the other has to throw
        }

        var hints = new List<ChangeHint>();
        for (var i = 0; i <= side.Everythings; i++)
            hints.AddRange(await side.Listener.UntilNowAsync());
        return $"""
            answer: {answer}
            hints: {string.Join(' ', hints.Select(static hint => hint.UserId))}
            {await Described.EverythingAsync(side)}
            {await Described.EventsAsync(side, eventsOf)}
            """;
    }

    private static void Same(string postgres, string model, int seed, List<string> history)
    {
        if (postgres == model)
            return;
        var lines = postgres.Split('\n').Zip(model.Split('\n')).Where(static pair => pair.First != pair.Second)
            .Select(static pair => $"PostgreSQL  {pair.First}\nmodel       {pair.Second}");
        Assert.Fail($"""
            the model differs after step {history[^1]}
            {string.Join('\n', lines)}
            before that:
            {string.Join('\n', history.TakeLast(15))}
            replay: {SeedVariable}={seed} dotnet test tests/Store.Tests --filter {nameof(DifferentialTests)}
            """);
    }
}
