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
                Machines = [new PlantMachine { Region = "sin", Config = new JsonObject { ["image"] = image, ["env"] = new JsonObject { ["OWNER"] = name } } }],
            });
        }
    }
}
