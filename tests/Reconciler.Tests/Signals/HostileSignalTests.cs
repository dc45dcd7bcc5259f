using System.Text;
using CsCheck;
using Reconciler.Signals;
using Reconciler.Texts;

namespace Reconciler.Tests.Signals;

/// <summary>The signal file, which every program on the machine may write, and the cleaner of what comes from outside.</summary>
public sealed class HostileSignalTests : IDisposable
{
    private readonly SignalBox _box = new();

    public void Dispose() => _box.Dispose();

    private static Gen<byte[]> Files => Gen.OneOf(
        HostileText.Any.Select(Encoding.UTF8.GetBytes),
        HostileText.Any.Select(Encoding.Unicode.GetBytes).Select(bytes => (byte[])[0xFF, 0xFE, .. bytes]),
        HostileText.Within("vyx-user-1\nvyx-user-2\n", "# all\n*\n", "\"63eea370-27a1-4099-866a-e3ed340b278d\"").Select(Encoding.UTF8.GetBytes),
        Gen.OneOf<byte>(10, 13, 32, 34, 35, 39, 42, 97, 239, 187, 191, 0, 0xD8, 0xFF).Array[0, 60],
        Gen.Byte.Array[0, 300]);

    [Fact]
    public void Any_bytes_are_names_or_a_problem_fit_for_a_log() => Files.Hold(10_000, bytes =>
    {
        if (!SignalText.TryParse(bytes, 50, out var text, out var problem))
        {
            Assert.NotEmpty(problem);
            HostileText.AssertHarmless(problem, 300);
            return;
        }

        Assert.Equal(text.Everyone, text.Names.Count == 0);
        Assert.Equal(text.Names.Count, text.Names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(text.Names, name =>
        {
            Assert.InRange(name.Length, 1, SignalText.LongestName);
            Assert.DoesNotContain(name, char.IsControl);
            Assert.Equal(name.Trim(), name);
        });
    });

    [Fact]
    public void Any_file_is_taken_and_answered_and_logged_on_one_line()
    {
        _box.Watch();
        Files.Hold(200, bytes =>
        {
            File.WriteAllBytes(_box.Path, bytes);
            _box.Pass(500);
            Assert.False(File.Exists(_box.Path));
            Assert.True(_box.ReceiveAll().Count == 1 || File.Exists(_box.Path + ".rejected"));
            File.Delete(_box.Path + ".rejected");
        });
        Assert.All(_box.Log.Entries, e => HostileText.AssertHarmless(e.Text));
    }

    [Fact]
    public void Megabytes_are_judged_in_time() => Assert.All(
        HostileText.Megabytes(), text => HostileRun.InTime(() => SignalText.TryParse(Encoding.UTF8.GetBytes(text), 100_000, out _, out _)));

    [Fact]
    public void Text_from_outside_can_neither_forge_a_log_line_nor_flood_one()
    {
        Assert.Equal("a?b?[2J?c", UntrustedText.ForLog("a\nb\u001B[2J\u202Ec"));
        Assert.Equal("plain \u00fcml\u00e4ut \U0001F600", UntrustedText.ForLog("plain \u00fcml\u00e4ut \U0001F600"));
        Gen.Select(HostileText.Any, Gen.Int[0, 300]).Hold(20_000, (text, length) =>
        {
            HostileText.AssertHarmless(UntrustedText.Clean(text, length), length + 1);
            HostileText.AssertHarmless(UntrustedText.ForLog(text), UntrustedText.LogLength + 1);
        });
    }
}
