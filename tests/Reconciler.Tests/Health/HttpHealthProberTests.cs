using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Health;
using Reconciler.Model;

namespace Reconciler.Tests.Health;

public sealed class HttpHealthProberTests
{
    private static readonly Guid User = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");

    [Fact]
    public async Task The_machine_is_asked_by_its_own_name()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK, Body());

        var probe = await ProbeAsync(handler);

        Assert.Equal(new HealthProbe(Reached: true, Problem: null), probe);
        Assert.Equal("http://m1.vm.vyx-user-1.internal:8080/health", Assert.Single(handler.Requests).RequestUri?.AbsoluteUri);
    }

    [Theory]
    [InlineData("user_dedicated", "63eea370-27a1-4099-866a-e3ed340b278d", "healthy", null, false)]
    [InlineData("user_dedicated", "63EEA370-27A1-4099-866A-E3ED340B278D", "healthy", null, false)]
    [InlineData("shared_backend", "63eea370-27a1-4099-866a-e3ed340b278d", "healthy", "reports run_mode shared_backend instead of user_dedicated", true)]
    [InlineData("", "63eea370-27a1-4099-866a-e3ed340b278d", "healthy", "reports run_mode nothing instead of user_dedicated", true)]
    [InlineData("user_dedicated", "00000000-0000-0000-0000-000000000001", "healthy", "reports user_id 00000000-0000-0000-0000-000000000001 instead of 63eea370-27a1-4099-866a-e3ed340b278d", true)]
    [InlineData("user_dedicated", "", "healthy", "reports user_id nothing instead of 63eea370-27a1-4099-866a-e3ed340b278d", true)]
    [InlineData("user_dedicated", "63eea370-27a1-4099-866a-e3ed340b278d", "starting", "reports status starting instead of healthy", false)]
    public async Task An_answer_is_good_when_mode_user_and_status_are(string mode, string user, string status, string? problem, bool isSomebodyElse)
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK, Body(status, mode, user));

        Assert.Equal(new HealthProbe(Reached: true, problem, isSomebodyElse), await ProbeAsync(handler));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("OK")]
    [InlineData("<html>not found</html>")]
    [InlineData("[]")]
    [InlineData("{\"status\":1}")]
    [InlineData("{\"status\":\"healthy\"")]
    public async Task An_answer_that_is_not_the_document_is_a_problem_of_the_machine(string body)
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK, body);

        Assert.Equal(new HealthProbe(Reached: true, "answers something other than its health document"), await ProbeAsync(handler));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "answers HTTP 500")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "answers HTTP 503")]
    [InlineData(HttpStatusCode.NotFound, "answers HTTP 404")]
    [InlineData(HttpStatusCode.Found, "answers HTTP 302")]
    public async Task An_error_of_the_machine_is_a_problem(HttpStatusCode status, string problem)
    {
        using var handler = FakeHandler.Answering(status, Body());

        Assert.Equal(new HealthProbe(Reached: true, problem), await ProbeAsync(handler));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_gateway_that_did_not_reach_the_machine_says_nothing_about_it(HttpStatusCode status)
    {
        using var handler = FakeHandler.Answering(status);

        Assert.Equal(HealthProbe.Unreachable, await ProbeAsync(handler));
    }

    public static TheoryData<Exception> NetworkTrouble => new()
    {
        new HttpRequestException("Name or service not known", new SocketException((int)SocketError.HostNotFound)),
        new HttpRequestException("Connection refused", new SocketException((int)SocketError.ConnectionRefused)),
        new IOException("reset by peer"),
    };

    [Theory]
    [MemberData(nameof(NetworkTrouble))]
    public async Task A_machine_out_of_reach_is_not_called_ill(Exception exception)
    {
        using var handler = FakeHandler.Failing(exception);

        Assert.Equal(HealthProbe.Unreachable, await ProbeAsync(handler));
    }

    [Fact]
    public async Task A_machine_that_does_not_answer_in_time_is_out_of_reach()
    {
        var (time, asked) = (new FakeTimeProvider(), new TaskCompletionSource());
        using var handler = FakeHandler.Silent(asked);
        var probe = Prober(handler, time).ProbeAsync("vyx-user-1", "m1", User, CancellationToken.None);
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HealthProbe.Unreachable, await probe);
    }

    [Fact]
    public async Task A_shutdown_is_not_an_unreachable_machine()
    {
        var asked = new TaskCompletionSource();
        using var handler = FakeHandler.Silent(asked);
        using var shutdown = new CancellationTokenSource();
        var probe = Prober(handler, new FakeTimeProvider()).ProbeAsync("vyx-user-1", "m1", User, shutdown.Token);
        await asked.Task;

        await shutdown.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off_and_is_a_problem()
    {
        using var handler = new FakeHandler((_, _) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) }));

        Assert.Equal(new HealthProbe(Reached: true, "answers more than 64 kB"), await ProbeAsync(handler));
    }

    [Fact]
    public async Task What_a_machine_says_is_cleaned_before_it_is_repeated()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK, Body(mode: "\\u001b[2J\\u202e" + new string('x', 500)));

        var probe = await ProbeAsync(handler);

        Assert.StartsWith("reports run_mode ?[2J?xxx", probe.Problem, StringComparison.Ordinal);
        Assert.True(probe.Problem!.Length < 120, probe.Problem);
    }

    [Theory]
    [InlineData("evil.example.com/", "m1")]
    [InlineData("vyx-user-1", "m1@evil.example.com")]
    [InlineData("vyx-user-1", "")]
    public async Task A_name_that_would_lead_elsewhere_is_never_asked(string app, string machine)
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK, Body());

        var probe = await Prober(handler, new FakeTimeProvider()).ProbeAsync(app, machine, User, CancellationToken.None);

        Assert.Equal(HealthProbe.Unreachable, probe);
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task Nothing_is_claimed_when_probing_is_off() =>
        Assert.Equal(HealthProbe.Unreachable, await new OffHealthProber().ProbeAsync("a", "m", User, CancellationToken.None));

    private static Task<HealthProbe> ProbeAsync(FakeHandler handler) =>
        Prober(handler, new FakeTimeProvider()).ProbeAsync("vyx-user-1", "m1", User, CancellationToken.None);

    private static HttpHealthProber Prober(FakeHandler handler, TimeProvider time)
    {
        Assert.True(ProbeAddress.TryParse("http://{machine}.vm.{app}.internal:8080/health", out var address));
        return new HttpHealthProber(address, TimeSpan.FromSeconds(5), handler, time);
    }

    private static string Body(string status = "healthy", string mode = "user_dedicated", string? user = null) =>
        $$"""{"status":"{{status}}","timestamp":"2026-01-01T00:00:00Z","version":"1","uptime":5,"run_mode":"{{mode}}","user_id":"{{user ?? User.ToString()}}","trader_count":1}""";

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
