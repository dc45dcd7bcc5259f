using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlySim;

namespace Bench.Stage;

/// <summary>The published daemon, or one of its commands, against a simulated Fly.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    public const string Image = "registry.fly.io/vyx-app:deployment-01";
    public const string Token = "fm2_lJPECAAAAAAAbench";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private Daemon(Process process, long started, int port)
    {
        _process = process;
        Started = started;
        Port = port;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Right before exec, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long Started { get; }

    public int Port { get; }

    public static Task<FlySimServer> StartFlyAsync() => StartFlyAsync(SimSettings.Instant with { RateLimits = false, WholeSeconds = false });

    public static async Task<FlySimServer> StartFlyAsync(SimSettings settings)
    {
        var fly = await FlySimServer.StartAsync(new FlySimOptions { Token = Token, Settings = settings });
        await fly.Client.RegisterImageAsync(Image);
        return fly;
    }

    public static Dictionary<string, string> Environment(FlySimServer fly, string database, string folder) => new()
    {
        ["DATABASE_URL"] = database,
        ["FLY_API_TOKEN"] = Token,
        ["FLY_API_HOSTNAME"] = fly.BaseAddress.OriginalString,
        ["FLY_REGISTRY_HOSTNAME"] = fly.BaseAddress.OriginalString,
        ["FLY_ORG_SLUG"] = "vyx",
        ["DOCKER_IMAGE"] = Image,
        ["SUPABASE_URL"] = fly.SupabaseAddress.OriginalString,
        ["SUPABASE_SERVICE_ROLE_KEY"] = "sb_secret_bench_service_role_key",
        ["GEMINI_API_KEY"] = "bench-gemini",
        ["BRAINTRUST_API_KEY"] = "bench-braintrust",
        ["BRAINTRUST_PROJECT_ID"] = "bench-project",
        ["OPENROUTER_API_KEY"] = "bench-openrouter",
        ["RECONCILER_SIGNAL_FILE"] = Path.Combine(folder, "force"),
        ["Reconciler__HttpBind"] = "127.0.0.1",
        ["Reconciler__RateLimitScale"] = "10000",
        ["Reconciler__PollInterval"] = "00:00:00.1",
        ["Reconciler__HealthProbe__UrlTemplate"] = new Uri(fly.BaseAddress, "_vm/").OriginalString + "{app}/{machine}/health",
    };

    public static Daemon Start(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["Reconciler__HttpPort"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["HELLO_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        var started = Stopwatch.GetTimestamp();
        return new Daemon(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"), started, port);
    }

    /// <summary>Asks without a pause until <c>/readyz</c> says 200; returns when that was.</summary>
    public async Task<long> ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        while (Stopwatch.GetElapsedTime(Started) < Patience && !_process.HasExited)
        {
            try
            {
                using var response = await http.GetAsync("/readyz");
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return Stopwatch.GetTimestamp();
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(1);
        }

        throw new InvalidOperationException($"the program did not become ready: {(_process.HasExited ? await _errors + await _output : "it still runs")}");
    }

    public async Task<string> GetAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        return await http.GetStringAsync(path);
    }

    /// <summary>Resident memory now, in megabytes.</summary>
    public double ResidentMegabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1024.0 / 1024.0;
    }

    /// <summary>SIGTERM, as Fly sends it.</summary>
    public async Task<(int Exit, string Output)> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await ExitAsync();
    }

    public async Task<(int Exit, string Output)> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output + await _errors);
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
