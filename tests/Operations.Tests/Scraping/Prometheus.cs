using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Operations.Tests.Scraping;

/// <summary>A real Prometheus that scrapes one daemon each second, in a folder of its own.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http;

    private Prometheus(Process process, string folder, Uri address) =>
        (_process, _folder, _http) = (process, folder, new HttpClient { BaseAddress = address });

    public static async Task<Prometheus> StartAsync(Uri daemon, string rules)
    {
        var folder = Directory.CreateTempSubdirectory("prometheus-").FullName;
        var configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $"""
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: ["{rules}"]
            scrape_configs:
              - job_name: reconciler
                static_configs: [targets: ["{daemon.Authority}"]]
            """);
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var info = new ProcessStartInfo("prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address={address.Authority}", "--log.level=warn"])
        {
            RedirectStandardError = true,
        };
        var process = Process.Start(info) ?? throw new InvalidOperationException("prometheus did not start");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return new Prometheus(process, folder, address);
    }

    /// <summary>The series that the expression yields now.</summary>
    /// <exception cref="InvalidOperationException">Prometheus refuses the expression.</exception>
    public async Task<JsonArray> QueryAsync(string expression)
    {
        var answer = await AskAsync("api/v1/query?query=" + Uri.EscapeDataString(expression));
        return answer["data"]!["result"]!.AsArray();
    }

    /// <summary>The values of a label, as a dashboard's variable asks for them.</summary>
    public async Task<JsonArray> LabelValuesAsync(string metric, string label) =>
        (await AskAsync($"api/v1/label/{label}/values?match[]={Uri.EscapeDataString(metric)}"))["data"]!.AsArray();

    /// <summary>False while it is not up yet.</summary>
    public async Task<bool> HasAsync(string expression)
    {
        try
        {
            return (await QueryAsync(expression)).Count > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonNode> AskAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            throw new HttpRequestException("not ready: " + text); // still reading its own log
        }

        var answer = JsonNode.Parse(text)!;
        return answer["status"]!.GetValue<string>() == "success" ? answer : throw new InvalidOperationException($"{path}: {text}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
