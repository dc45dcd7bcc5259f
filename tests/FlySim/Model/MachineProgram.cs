using FlySim.Admin;

namespace FlySim.Model;

/// <summary>What a program did at its start: runs, or refused with a reason.</summary>
internal sealed record ProgramOutcome(string? ExitReason, bool Healthy, string RunMode, string? UserId)
{
    public bool Runs => ExitReason is null;
}

/// <summary>The user's program: which environment it accepts and what it reports then.</summary>
internal static class MachineProgram
{
    public const string SharedBackend = "shared_backend";
    public const string UserDedicated = "user_dedicated";

    public static ProgramOutcome Start(IReadOnlyDictionary<string, string> env, ImageBehaviour behaviour)
    {
        var runMode = behaviour == ImageBehaviour.SharedMode ? SharedBackend : Value(env, "RUN_MODE") ?? SharedBackend;
        var userId = Value(env, "USER_ID");
        return new ProgramOutcome(Refusal(env, runMode, userId, behaviour), behaviour != ImageBehaviour.Unhealthy, runMode, userId);
    }

    private static string? Refusal(
        IReadOnlyDictionary<string, string> env, string runMode, string? userId, ImageBehaviour behaviour)
    {
        if (behaviour == ImageBehaviour.Crash)
        {
            return "panic: the image is broken";
        }

        if (Value(env, "SUPABASE_URL") is null)
        {
            return "SUPABASE_URL is required";
        }

        if (Value(env, "SUPABASE_SERVICE_ROLE_KEY") is null && Value(env, "SUPABASE_SERVICE_KEY") is null)
        {
            return "SUPABASE_SERVICE_ROLE_KEY is required";
        }

        return runMode == UserDedicated && userId is null ? "USER_ID is required in user_dedicated mode" : null;
    }

    private static string? Value(IReadOnlyDictionary<string, string> env, string name) =>
        env.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
