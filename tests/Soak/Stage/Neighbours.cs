namespace Soak.Stage;

/// <summary>What else is at Fly and must never be touched: the shared backend, a look-alike in our organisation, another customer's app.</summary>
internal static class Neighbours
{
    public static IReadOnlyList<string> Names { get; } = ["vyx-app", "vyx-user-00000001", "somebody-elses-app"];

    public static async Task PlantAsync(FlySimClient fly, string image)
    {
        foreach (var name in Names)
        {
            await fly.PlantAppAsync(new PlantApp
            {
                Name = name,
                Org = name == "somebody-elses-app" ? "another-customer" : null,
                Machines = [new PlantMachine { Region = Arena.Region, Config = Config(image) }],
            });
        }
    }

    /// <summary>With what the program needs to run at all.</summary>
    private static JsonObject Config(string image) => new()
    {
        ["image"] = image,
        ["env"] = new JsonObject { ["SUPABASE_URL"] = "https://project.supabase.co", ["SUPABASE_SERVICE_KEY"] = "theirs" },
    };
}
