using System.Buffers.Text;
using System.Text;
using CsCheck;
using Reconciler.Secrets;

namespace Reconciler.Tests.Secrets;

/// <summary>Whatever is pasted as the service key gets a verdict, and nothing of it is repeated.</summary>
public sealed class HostileKeyTests
{
    private const string Claims = """{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"service_role","iat":1,"exp":1798761600}""";

    private static readonly Gen<string> Key = Gen.OneOf(
        HostileText.Any,
        HostileText.Within(Keys.Jwt(), Keys.Jwt("anon"), Keys.Opaque, "sb_publishable_x", "sbp_x", "a.b.c"),
        Gen.String[Gen.Char["abc.-_=+/ "], 0, 40],
        Gen.Select(HostileJson.Of("""{"alg":"HS256","typ":"JWT"}"""), HostileJson.Of(Claims), Gen.String, (header, payload, signature) =>
            $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}.{signature}"),
        HostileJson.Of(Claims).Select(payload => $"e30.{Base64Url.EncodeToString(payload)}.c2ln"));

    [Fact]
    public void Any_text_gets_a_verdict_that_repeats_nothing_of_it() => Key.Hold(4_000, key =>
    {
        var verdict = ServiceKeyForm.Inspect(new SecretText(key), Keys.Url, Keys.Now);

        var said = verdict.Problem + verdict.Warning;
        HostileText.AssertHarmless(said, 400);
        if (key.Length < 4_000)
        {
            HostileText.AssertHides(said.Replace("service_role", "", StringComparison.Ordinal).Replace("sb_secret_", "", StringComparison.Ordinal), key, run: 12);
        }
    });

    [Fact]
    public void Megabytes_and_deep_claims_are_judged_in_time()
    {
        foreach (var text in HostileText.Megabytes().Concat(HostileJson.Large().Select(j => "e30." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(j)) + ".x")))
        {
            HostileRun.InTime(() => Assert.NotNull(ServiceKeyForm.Inspect(new SecretText(text), Keys.Url, Keys.Now).Problem));
        }
    }
}
