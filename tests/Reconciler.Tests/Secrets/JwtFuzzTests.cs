using System.Buffers.Text;
using System.Text;
using CsCheck;
using Reconciler.Secrets;

namespace Reconciler.Tests.Secrets;

public sealed class JwtFuzzTests
{
    private static readonly Gen<string> Json = Gen.OneOf(
        Gen.String,
        Gen.String.Select(text => System.Text.Json.JsonSerializer.Serialize(new { role = text, @ref = text, exp = text })),
        Gen.OneOf(
            "", "{", "{}", "[]", "null", "{\"exp\":1e999}", "{\"exp\":-1e999}", "{\"exp\":99999999999999999999}", "{\"exp\":\"soon\"}", "{\"role\":null}",
            "{\"role\":\"\\udc00\"}", "{\"\\ud800\":1}", "{\"role\":\"service_role\",\"role\":\"anon\"}", new string('[', 5000)));

    private static readonly Gen<string> Key = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["abc.-_=+/ "], 0, 40],
        Gen.Select(Json, Json, Gen.String, (header, payload, signature) => $"{Encode(header)}.{Encode(payload)}.{signature}"),
        Gen.Select(Gen.Byte.Array[0, 100], bytes => $"e30.{Base64Url.EncodeToString(bytes)}.x"),
        Gen.Select(Gen.Int[0, 400], Gen.Char, (index, c) => Mutate(Keys.Jwt(), index, c)));

    [Fact]
    public void Any_text_gets_a_verdict_that_repeats_nothing_of_it() =>
        Key.Sample(
            key =>
            {
                var verdict = ServiceKeyForm.Inspect(new SecretText(key), Keys.Url, Keys.Now);

                var said = verdict.Problem + verdict.Warning;
                Assert.False(SharesRun(said, key, length: 12), said);
            },
            iter: 5000);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Mutate(string key, int index, char c) => key.Remove(index % key.Length, 1).Insert(index % key.Length, c.ToString());

    private static bool SharesRun(string said, string key, int length) =>
        Enumerable.Range(0, Math.Max(0, key.Length - length + 1)).Any(start => said.Contains(key.Substring(start, length), StringComparison.Ordinal));
}
