using System.IO.Compression;
using System.Net;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Health;
using Reconciler.Model;

namespace Reconciler.Tests.Health;

/// <summary>What a machine may answer for its health, through the real prober.</summary>
public sealed class HostileHealthTests
{
    private const string Valid = """{"status":"healthy","run_mode":"user_dedicated","user_id":"63eea370-27a1-4099-866a-e3ed340b278d","uptime":12.5,"checks":{"db":"ok"}}""";
    private static readonly Guid User = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");

    [Fact]
    public void Any_document_gives_a_verdict_that_is_fit_to_be_shown() =>
        HostileJson.Of(Valid).Hold(
            8_000,
            body =>
            {
                var probe = HealthDocument.Judge(body, User);

                Assert.True(probe.Reached);
                HostileText.AssertHarmless(probe.Problem, 200);
            },
            HostileJson.Print);

    [Fact]
    public void Cut_at_any_byte_it_is_something_else() => Assert.All(
        HostileJson.Beginnings(Valid), body => Assert.Equal("answers something other than its health document", HealthDocument.Judge(body, User).Problem));

    [Fact]
    public void No_answer_over_HTTP_is_more_than_a_verdict() =>
        Gen.Select(Gen.OneOf(200, 200, 200, 204, 302, 500, 502, 503, 599), Gen.Int[0, 3], HostileJson.Of(Valid)).Hold(3_000, (status, kind, body) =>
        {
            var probe = Ask((HttpStatusCode)status, kind switch
            {
                0 => new ByteArrayContent(body),
                1 => new StreamContent(new BrotliStream(new MemoryStream(body), CompressionMode.Decompress)),
                2 => new StreamContent(new GZipStream(new MemoryStream([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. body]), CompressionMode.Decompress)),
                _ => new StreamContent(new ZLibStream(new MemoryStream([0x78, 0x9C, .. body]), CompressionMode.Decompress)),
            });

            HostileText.AssertHarmless(probe.Problem, 200);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_broken_compression_is_a_machine_out_of_reach(bool brotli)
    {
        var garbage = new MemoryStream([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. "neither of the two"u8]);

        Assert.Equal(HealthProbe.Unreachable, Ask(HttpStatusCode.OK, new StreamContent(brotli
            ? new BrotliStream(garbage, CompressionMode.Decompress)
            : new GZipStream(garbage, CompressionMode.Decompress))));
    }

    [Fact]
    public void Large_documents_are_judged_in_time() => Assert.All(
        HostileJson.Large(), body => HostileRun.InTime(() => Assert.NotNull(Ask(HttpStatusCode.OK, new StringContent(body)).Problem)));

    private static HealthProbe Ask(HttpStatusCode status, HttpContent content)
    {
        Assert.True(ProbeAddress.TryParse("http://{machine}.vm.{app}.internal/health", out var address));
        using var handler = new FakeHandler((_, _) => Task.FromResult(new HttpResponseMessage(status) { Content = content }));
        return new HttpHealthProber(address, TimeSpan.FromSeconds(5), handler, new FakeTimeProvider()).ProbeAsync("app", "m", User, default).GetAwaiter().GetResult();
    }
}
