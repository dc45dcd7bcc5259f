using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using FlyApi.Contracts;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

/// <summary>Every operation of the client through its real transport: whatever the other side answers, it is read or refused as documented.</summary>
public sealed class HostileOperationTests : IDisposable
{
    private const int Largest = 64 * 1024 * 1024;
    private readonly OneAnswerFly _fly = new();

    /// <summary>Ways in which a server may repeat what it was sent.</summary>
    private static readonly Func<string, string>[] Echoes =
    [
        secret => secret,
        secret => "x:" + secret,
        secret => Convert.ToBase64String(Encoding.UTF8.GetBytes("x:" + secret)),
        secret => JsonSerializer.Serialize(secret),
        Uri.EscapeDataString,
        secret => WebUtility.HtmlEncode(secret),
        secret => secret[..^3],
        secret => string.Join(' ', secret[..10], secret[9..]),
    ];

    public void Dispose() => _fly.Dispose();

    public static TheoryData<string> Names() => [.. FlyOperation.All.Select(o => o.Name)];

    [Fact]
    public void Every_operation_of_the_client_is_among_these()
    {
        Assert.Equal(typeof(IFlyApi).GetMethods().Length, FlyOperation.All.Length);
        Assert.All(FlyOperation.All, o => Assert.Null(_fly.Call(HttpStatusCode.OK, Bytes(Encoding.UTF8.GetBytes(o.Answer)), o.Call)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_success_is_read_or_is_an_unreadable_answer(string name)
    {
        var operation = Operation(name);
        HostileJson.Of(operation.Answer.Length == 0 ? "{}" : operation.Answer).Hold(
            250,
            body =>
            {
                if (_fly.Call(HttpStatusCode.OK, Bytes(body), operation.Call) is { } failure)
                {
                    Assert.True(failure.Detail is FlyErrorDetail.UnreadableAnswer || name == "machines.start", failure.Message);
                    AssertFit(failure);
                }
            },
            HostileJson.Print,
            test: nameof(Any_success_is_read_or_is_an_unreadable_answer) + "_" + name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_cut_at_any_byte_is_an_unreadable_answer(string name)
    {
        var operation = Operation(name);
        foreach (var beginning in HostileJson.Beginnings(operation.Answer).Where(b => b.Length > 0))
        {
            Assert.Equal(FlyErrorDetail.UnreadableAnswer, _fly.Call(HttpStatusCode.OK, Bytes(beginning), operation.Call)?.Detail);
        }
    }

    [Fact]
    public void A_refusal_in_any_words_is_the_documented_exception_and_fit_for_a_log() =>
        Gen.Select(
            Gen.OneOf(FlyOperation.All),
            Gen.OneOf(Gen.Int[300, 599], Gen.OneOf(400, 401, 403, 404, 408, 409, 412, 422, 429, 500, 502, 503)),
            Gen.OneOf(
                HostileText.Any.Select(Encoding.UTF8.GetBytes),
                HostileText.Any.Select(text => JsonSerializer.SerializeToUtf8Bytes(new { error = text })),
                HostileText.Any.Select(text => JsonSerializer.SerializeToUtf8Bytes(new { status = text, message = "machine ID 148e21ea7d4289 " + text })),
                HostileJson.Of("""{"error":"name has already been taken","status":"name_taken"}""")),
            HostileText.Any,
            HostileText.Within("30", "0", "Tue, 01 Sep 2026 00:05:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "99999999999"))
        .Hold(
            5_000,
            (operation, status, body, requestId, retryAfter) =>
            {
                var failure = _fly.Call((HttpStatusCode)status, Bytes(body), operation.Call, ("fly-request-id", requestId), ("Retry-After", retryAfter));
                AssertFit(failure);
                Assert.True(failure?.RetryAfter is null || failure.RetryAfter <= TimeSpan.FromHours(1), $"waits {failure?.RetryAfter}");
            });

    [Fact]
    public void No_answer_brings_a_secret_into_an_exception() =>
        Gen.Select(
            Gen.OneOf(FlyOperation.All.Where(o => o.Name is "secrets.set" or "apps.get" or "machines.update").ToArray()),
            Gen.OneOf(200, 400, 401, 409, 422, 500),
            Gen.OneOf(OneAnswerFly.Token, FlyOperation.SecretValue),
            Gen.OneOf(Echoes),
            Gen.OneOf(false, true),
            HostileText.Any)
        .Hold(2_000, (operation, status, secret, echo, inJson, around) =>
        {
            if (secret == FlyOperation.SecretValue && operation.Name != "secrets.set")
            {
                return; // it was not in that request
            }

            var text = around + echo(secret) + around;
            var body = inJson ? JsonSerializer.SerializeToUtf8Bytes(new { error = text }) : Encoding.UTF8.GetBytes(text);
            var failure = _fly.Call((HttpStatusCode)status, Bytes(body), operation.Call, ("fly-request-id", echo(secret)));
            AssertFit(failure);
            HostileText.AssertHides(failure?.ToString(), secret);
            HostileText.AssertHides(failure?.ToString(), JsonSerializer.Serialize(secret)[1..^1]);
        });

    [Fact]
    public void Large_answers_take_no_longer_than_their_length()
    {
        string[] readers = ["machines.get", "orgs.machines", "machines.start", "secrets.set"]; // of each way of reading, one
        foreach (var body in HostileJson.Large().Concat(HostileText.Pieces.Select(p => HostileText.Repeat(p, 256 * 1024))).Select(Encoding.UTF8.GetBytes))
        {
            HostileRun.InTime(() =>
            {
                foreach (var operation in readers.Select(Operation))
                {
                    AssertFit(_fly.Call(HttpStatusCode.OK, Bytes(body), operation.Call));
                    AssertFit(_fly.Call(HttpStatusCode.Conflict, Bytes(body), operation.Call));
                }
            });
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadGateway)]
    public void An_answer_without_end_is_left_before_64_MB(HttpStatusCode status)
    {
        foreach (var operation in FlyOperation.All)
        {
            using var endless = new Endless();

            var failure = _fly.Call(status, new StreamContent(endless), operation.Call);

            Assert.Equal(FlyErrorDetail.UnreadableAnswer, failure?.Detail);
            Assert.InRange(endless.Position, 1, Largest);
        }
    }

    [Fact]
    public void A_few_kilobytes_that_unpack_to_gigabytes_are_left_before_64_MB()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zip.Write(new byte[2 * Largest]);
        }

        packed.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();

        var failure = _fly.Call(HttpStatusCode.OK, new StreamContent(new GZipStream(packed, CompressionMode.Decompress)), FlyOperation.All[5].Call);

        Assert.Equal(FlyErrorDetail.UnreadableAnswer, failure?.Detail);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * Largest);
    }

    [Fact]
    public void A_broken_compression_is_a_lost_answer() =>
        Gen.Select(Gen.OneOf(FlyOperation.All), Gen.Int[0, 2], Gen.Byte.Array[0, 200], Gen.Bool).Hold(1_000, (operation, kind, noise, whole) =>
        {
            var stream = new MemoryStream(whole ? [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. noise] : noise);
            Stream unpacked = kind switch
            {
                0 => new GZipStream(stream, CompressionMode.Decompress),
                1 => new BrotliStream(stream, CompressionMode.Decompress),
                _ => new ZLibStream(stream, CompressionMode.Decompress),
            };

            AssertFit(_fly.Call(HttpStatusCode.OK, new StreamContent(unpacked), operation.Call));
        });

    /// <summary>Ids lead paths, elections and log lines: one that is no id is no machine's.</summary>
    [Theory]
    [InlineData("m\n1")]
    [InlineData("m\0")]
    [InlineData("m\u202E1")]
    [InlineData("m 1")]
    public void An_id_that_cannot_be_one_is_an_unreadable_answer(string id)
    {
        var machine = Encoding.UTF8.GetBytes($$"""{"id":{{JsonSerializer.Serialize(id)}},"state":"started"}""");
        var page = Encoding.UTF8.GetBytes($$"""{"machines":[{"id":{{JsonSerializer.Serialize(id)}},"app_name":"a","state":"started"}]}""");
        var app = Encoding.UTF8.GetBytes($$"""{"machines":[{"id":"m","app_name":{{JsonSerializer.Serialize(id)}},"state":"started"}]}""");

        Assert.Equal(FlyErrorDetail.UnreadableAnswer, _fly.Call(HttpStatusCode.OK, Bytes(machine), Operation("machines.get").Call)?.Detail);
        Assert.Equal(FlyErrorDetail.UnreadableAnswer, _fly.Call(HttpStatusCode.OK, Bytes(page), Operation("orgs.machines").Call)?.Detail);
        Assert.Equal(FlyErrorDetail.UnreadableAnswer, _fly.Call(HttpStatusCode.OK, Bytes(app), Operation("orgs.machines").Call)?.Detail);
    }

    /// <summary>What Fly sends and we do not know is sent back with an update.</summary>
    [Fact]
    public void A_kept_member_that_is_no_text_is_the_documented_exception_when_it_is_sent_back()
    {
        var answer = Encoding.UTF8.GetBytes("""{"id":"m","state":"started","config":{"image":"i","\\ud800":1,"x":{"\\udc00":"\\ud800"}}}""".Replace("\\\\", "\\", StringComparison.Ordinal));
        Machine? machine = null;
        if (_fly.Call(HttpStatusCode.OK, Bytes(answer), async f => machine = await f.Api.GetMachineAsync("vyx", "m", default)) is { } unreadable)
        {
            Assert.Equal(FlyErrorDetail.UnreadableAnswer, unreadable.Detail);
            return;
        }

        var failure = _fly.Call(HttpStatusCode.OK, Bytes(answer), f => f.Api.UpdateMachineAsync("vyx", "m", new UpdateMachineRequest { Config = machine!.Config! }, default));
        AssertFit(failure);
    }

    private static FlyOperation Operation(string name) => FlyOperation.All.Single(o => o.Name == name);

    private static ByteArrayContent Bytes(byte[] body) => new(body);

    private static void AssertFit(FlyApiException? failure)
    {
        HostileText.AssertHarmless(failure?.Message, 1_200);
        HostileText.AssertHarmless(failure?.Text, 500);
        HostileText.AssertHarmless(failure?.RequestId, 500);
        HostileText.AssertHarmless(failure?.ExistingMachineId, 32);
        Assert.Null(failure?.InnerException);
        HostileText.AssertHides(failure?.Message, OneAnswerFly.Token);
    }

    private sealed class Endless : MemoryStream
    {
        private long _read;

        public override bool CanSeek => false;

        public override long Position => _read;

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            _read += buffer.Length;
            return buffer.Length;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
