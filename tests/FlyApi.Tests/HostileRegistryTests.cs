using System.Net;
using System.Text;
using CsCheck;
using FlyApi.Contracts;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

/// <summary>The registry's answers, and the texts that the client reads outside answers: image references and durations.</summary>
public sealed class HostileRegistryTests : IDisposable
{
    private static readonly string Digest = "sha256:" + new string('a', 64);
    private static readonly ImageReference Image = new("registry.fly.io", "vyx-app", "v1", null);
    private static readonly string Basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("x:" + OneAnswerFly.Token));
    private readonly OneAnswerFly _fly = new();

    public void Dispose() => _fly.Dispose();

    [Fact]
    public void Any_answer_is_a_digest_a_clear_no_or_the_documented_exception() =>
        Gen.Select(
            Gen.OneOf(200, 200, 200, 201, 302, 401, 403, 404, 429, 500),
            HostileText.Within(Digest, "sha256:", ""),
            HostileText.Within("application/vnd.oci.image.index.v1+json", "text/html"),
            HostileJson.Of("""{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"v1"}}]}"""))
        .Hold(2_000, (status, digest, type, body) =>
        {
            var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            string? found = null;

            var failure = _fly.Call(
                (HttpStatusCode)status, content, async f => found = await f.Registry.FindDigestAsync(Image, default), ("Docker-Content-Digest", digest));

            Assert.True(found is null || (found.Length == 71 && found.StartsWith("sha256:", StringComparison.Ordinal)), found);
            HostileText.AssertHarmless(failure?.Message, 1_200);
        });

    [Fact]
    public void A_registry_that_repeats_our_credentials_brings_them_into_no_exception() =>
        Gen.Select(Gen.OneOf(200, 400, 401, 500), Gen.OneOf(OneAnswerFly.Token, Basic, "Basic " + Basic), HostileText.Any, HostileText.Any)
        .Hold(600, (status, echo, before, after) =>
        {
            var failure = _fly.Call(
                (HttpStatusCode)status, new StringContent(before + echo + after), f => f.Registry.FindDigestAsync(Image, default), ("fly-request-id", echo));

            HostileText.AssertHides(failure?.ToString(), OneAnswerFly.Token);
            HostileText.AssertHides(failure?.ToString(), Basic, run: 12); // eight characters of it are less than six of the token
        });

    [Fact]
    public void Any_image_reference_is_parsed_as_written_or_refused_in_words_fit_for_a_log() =>
        Gen.OneOf(
            HostileText.Any,
            HostileText.Within("registry.fly.io/vyx-app:v1", "registry.fly.io/a/b@" + Digest, "localhost:5000/x:latest", "r.io:99999/x", "https://r.io/x"),
            Gen.Select(Gen.String["ab.-:9"], Gen.String["ab./-_9"], Gen.String["aZ9._-@"], (host, path, tag) => $"r.io{host}/{path}:{tag}"),
            Gen.String["abcZ0189./:@-_"])
        .Hold(10_000, text =>
        {
            if (ImageReference.TryParse(text, out var image, out var problem))
            {
                Assert.True(ImageReference.TryParse(image.ToString(), out var again, out _) && again == image);
                Assert.False(image.Repository.Contains("..", StringComparison.Ordinal) && image.Repository.Contains("/../", StringComparison.Ordinal));
            }

            HostileText.AssertHarmless(problem, 700);
            HostileText.AssertHarmless(image?.ToString(), 600);
        });

    [Fact]
    public void Any_text_is_a_duration_or_not_and_what_is_one_is_written_as_one() =>
        Gen.OneOf(HostileText.Any, HostileText.Within("15s", "1h2m3.5s", "-1.5h", "500ms", "10000000000"), Gen.String["0123456789.hmsnu\u00b5-+ "])
        .Hold(10_000, text => Assert.True(
            !FlyDuration.TryParse(text, out var duration) || duration.Nanoseconds == long.MinValue || FlyDuration.Same(text, duration.ToString())));

    [Fact]
    public void Megabytes_are_refused_in_time()
    {
        foreach (var text in HostileText.Megabytes().Append(HostileText.Repeat("1s", 1024 * 1024)).Append(HostileText.Repeat("a/", 1024 * 1024)))
        {
            HostileRun.InTime(() =>
            {
                Assert.False(ImageReference.TryParse(text, out _, out var problem));
                HostileText.AssertHarmless(problem, 700);
                Assert.True(!FlyDuration.TryParse(text, out var duration) || duration.Nanoseconds >= 0);
            });
        }
    }
}
