using System.Text;
using CsCheck;

namespace Store.Tests;

public sealed class PgTextTests
{
    [Fact]
    public void Any_text_becomes_one_that_UTF_8_and_the_database_can_hold() => Gen.Char.Array.Select(static units => new string(units))
        .Sample(static text =>
        {
            var clean = PgText.Clean(text);
            var utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
            return !clean.Contains('\0') && utf8.GetString(utf8.GetBytes(clean)) == clean && clean.Length == text.Length;
        });
}
