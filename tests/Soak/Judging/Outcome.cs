using Soak.Stage;

namespace Soak.Judging;

/// <summary>Ends a run: the table, the exit code, and the logs kept when they are needed.</summary>
internal static class Outcome
{
    public static async Task<int> JudgeAsync(Arena arena, int seed, Func<Task<List<Claim>>> run)
    {
        var holds = false;
        try
        {
            var claims = await run();
            ClaimsTable.Print(claims);
            holds = claims.TrueForAll(c => c.Holds);
        }
        finally
        {
            if (!holds)
            {
                await Remains.KeepAsync(arena);
            }

            await arena.DisposeAsync();
            if (holds)
            {
                Directory.Delete(arena.Folder, recursive: true);
            }
            else
            {
                Console.WriteLine($"FAILED: seed {seed}; logs, calls and tables are in {arena.Folder}");
            }
        }

        return holds ? 0 : 1;
    }
}
