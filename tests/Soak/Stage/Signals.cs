using System.Diagnostics;

namespace Soak.Stage;

/// <summary>Signals that .NET cannot send by itself.</summary>
internal static class Signals
{
    public static Task StopAsync(int processId) => SendAsync("STOP", processId);

    public static Task ContinueAsync(int processId) => SendAsync("CONT", processId);

    public static Task TerminateAsync(int processId) => SendAsync("TERM", processId);

    private static async Task SendAsync(string signal, int processId)
    {
        using var kill = Process.Start("kill", [$"-{signal}", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
