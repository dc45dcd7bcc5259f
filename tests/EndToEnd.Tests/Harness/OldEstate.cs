namespace EndToEnd.Tests.Harness;

/// <summary>Apps as the old function and hands made them: secrets in clear, no checks, no metadata of ours, too big, public services.</summary>
internal static class OldEstate
{
    public static PlantApp App(Guid user, string app, string machine, string region, string image) => new()
    {
        Name = app,
        Machines =
        [
            new PlantMachine
            {
                Name = machine,
                Region = region,
                Config = new JsonObject
                {
                    ["image"] = image,
                    ["guest"] = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = 4, ["memory_mb"] = 1024 },
                    ["metadata"] = new JsonObject { ["by-hand"] = "kept" },
                    ["env"] = new JsonObject
                    {
                        ["USER_ID"] = user.ToString(),
                        ["RUN_MODE"] = "user_dedicated",
                        ["SUPABASE_URL"] = "https://project.supabase.co",
                        ["SUPABASE_SERVICE_ROLE_KEY"] = World.ServiceKey,
                        ["GEMINI_API_KEY"] = Configuration.Gemini,
                    },
                    ["services"] = JsonNode.Parse("""
                        [{"protocol": "tcp", "internal_port": 8080, "ports": [{"port": 80, "handlers": ["http"]}, {"port": 443, "handlers": ["tls", "http"]}]}]
                        """),
                },
            },
        ],
    };
}
