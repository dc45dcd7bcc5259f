using CsCheck;
using Reconciler.Health;
using Reconciler.Model;

namespace Reconciler.Tests.Health;

public sealed class HealthFuzzTests
{
    [Fact]
    public void Any_bytes_give_a_verdict_that_is_safe_to_print() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.String.Select(text => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { run_mode = text, user_id = text, status = text })))
        .Sample(body =>
        {
            var probe = HealthDocument.Judge(body, Guid.Empty);

            Assert.True(probe.Reached);
            Assert.NotNull(probe.Problem);
            Assert.DoesNotContain(probe.Problem, char.IsControl);
            Assert.True(probe.Problem.Length < 200);
        },
        iter: 3000);

    [Fact]
    public void Cleaned_text_is_short_and_harmless() =>
        Gen.Select(Gen.String, Gen.Int[0, 50]).Sample((text, length) =>
        {
            var clean = UntrustedText.Clean(text, length);

            Assert.True(clean.Length <= length + 1);
            Assert.DoesNotContain(clean, c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202e');
        },
        iter: 3000);
}
