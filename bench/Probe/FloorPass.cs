using System.Buffers;

namespace Probe;

/// <summary>
/// The least that a pass can do with the same bytes: numbers only, no strings, no error handling, no rate limit. Machines become
/// 48-byte structs; users are two integers each, hashed beforehand; the join is on an integer.
/// </summary>
internal sealed class FloorPass(Uri fly, string database) : IRound, IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = fly };
    private readonly FloorUsers _users = FloorUsers.Open(database);

    public async Task<long> RunAsync()
    {
        var machines = await ListAsync();
        var users = await _users.ReadAsync();
        var byApp = new Dictionary<long, int>(machines.Count);
        for (var i = 0; i < machines.Count; i++)
        {
            byApp[machines[i].App] = i;
        }

        var differences = 0;
        foreach (var (app, seen) in users)
        {
            differences += byApp.TryGetValue(app, out var index) && machines[index].Seen == seen ? 0 : 1;
        }

        return differences;
    }

    public void Dispose()
    {
        _http.Dispose();
        _users.Dispose();
    }

    private async Task<List<FloorMachine>> ListAsync()
    {
        var machines = new List<FloorMachine>();
        string? cursor = null;
        do
        {
            using var response = await _http.GetAsync(
                "/v1/orgs/bench/machines?limit=1000" + (cursor is null ? "" : "&cursor=" + cursor), HttpCompletionOption.ResponseHeadersRead);
            var length = (int)response.Content.Headers.ContentLength!.Value;
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(buffer.AsMemory(0, length));
            cursor = FloorMachine.Scan(buffer.AsSpan(0, length), machines);
            ArrayPool<byte>.Shared.Return(buffer);
        }
        while (cursor is not null);
        return machines;
    }
}
