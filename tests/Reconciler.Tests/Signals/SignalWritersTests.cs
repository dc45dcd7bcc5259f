using Reconciler.Signals;

namespace Reconciler.Tests.Signals;

/// <summary>Real writers on real time; deadlines are generous and nothing is measured.</summary>
public sealed class SignalWritersTests : IDisposable
{
    private static readonly SignalFileOptions Brisk = new()
    {
        PollInterval = TimeSpan.FromMilliseconds(5), SettleTime = TimeSpan.FromMilliseconds(10),
    };

    private readonly SignalBox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("touch '{0}'", "*")]
    [InlineData("echo > '{0}'", "*")]
    [InlineData("echo '*' > '{0}'", "*")]
    [InlineData("echo alice > '{0}'", "alice")]
    [InlineData("printf alice > '{0}'", "alice")]
    [InlineData("printf 'alice\\r\\n' >> '{0}'", "alice")]
    [InlineData("echo alice > '{0}.mine' && mv '{0}.mine' '{0}'", "alice")]
    [InlineData("echo alice | tee '{0}' > /dev/null", "alice")]
    public async Task Whatever_way_a_shell_writes_the_signal_it_is_heeded(string script, string name)
    {
        _box.Watch(TimeProvider.System, Brisk);

        await SignalBox.ShellAsync(script.Replace("{0}", _box.Path, StringComparison.Ordinal));

        Assert.Contains(name, await _box.ReceiveUntilAsync(seen => seen.Contains(name)));
    }

    [Fact]
    public async Task Of_many_shells_that_append_at_once_every_name_comes_out()
    {
        _box.Watch(TimeProvider.System, Brisk);
        var script = (int writer) => $"i=0; while [ $i -lt 100 ]; do echo w{writer}-$i >> '{_box.Path}'; i=$((i+1)); done";

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => SignalBox.ShellAsync(script(writer))));

        var seen = await _box.ReceiveUntilAsync(names => names.Count(n => n != "*") == 800);
        Assert.Equal(800, seen.Count(n => n.StartsWith('w')));
    }

    [Fact]
    public async Task Of_many_commands_of_ours_at_once_every_name_comes_out()
    {
        _box.Watch(TimeProvider.System, Brisk);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var signals = new SignalWriter(_box.Path, TimeProvider.System);
            for (var i = 0; i < 20; i++)
            {
                await signals.WriteAsync([$"w{writer}-{i}"], CancellationToken.None);
            }
        })));

        var seen = await _box.ReceiveUntilAsync(names => names.Count == 160);
        Assert.DoesNotContain("*", seen);
    }

    [Fact]
    public async Task Commands_while_no_daemon_runs_are_merged_into_one_file()
    {
        var writer = new SignalWriter(_box.Path, _box.Time);
        await writer.WriteAsync(["alice", "bob"], CancellationToken.None);
        await writer.WriteAsync(["carol"], CancellationToken.None);

        _box.Watch();
        _box.Pass(500);

        Assert.Equal(["alice", "bob", "carol"], Assert.Single(_box.ReceiveAll()).Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# note\n")]
    [InlineData("*")]
    public async Task Names_added_to_a_file_that_means_everyone_do_not_narrow_it(string waiting)
    {
        await File.WriteAllTextAsync(_box.Path, waiting);
        await new SignalWriter(_box.Path, _box.Time).WriteAsync(["alice"], CancellationToken.None);

        _box.Watch();
        _box.Pass(500);

        Assert.True(Assert.Single(_box.ReceiveAll()).Everyone);
    }

    [Fact]
    public async Task Everyone_added_to_names_means_everyone_and_a_last_line_without_end_is_not_glued()
    {
        await File.WriteAllTextAsync(_box.Path, "bob");
        var writer = new SignalWriter(_box.Path, _box.Time);
        await writer.WriteAsync(["alice"], CancellationToken.None);
        Assert.Equal("bob\nalice\n", await File.ReadAllTextAsync(_box.Path));

        await writer.WriteAsync([], CancellationToken.None);
        _box.Watch();
        _box.Pass(500);
        Assert.True(Assert.Single(_box.ReceiveAll()).Everyone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("# alice")]
    [InlineData("alice\nbob")]
    public async Task A_name_that_would_change_the_meaning_of_the_file_is_refused(string name)
    {
        var writer = new SignalWriter(_box.Path, _box.Time);

        await Assert.ThrowsAsync<ArgumentException>(() => writer.WriteAsync(["fine", name], CancellationToken.None));

        Assert.False(File.Exists(_box.Path));
    }

    [Fact]
    public async Task The_target_of_a_link_is_not_written_to()
    {
        var target = Path.Combine(_box.Folder, "precious");
        await File.WriteAllTextAsync(target, "untouched");
        File.CreateSymbolicLink(_box.Path, target);

        await Assert.ThrowsAsync<IOException>(() => new SignalWriter(_box.Path, _box.Time).WriteAsync(["alice"], CancellationToken.None));

        Assert.Equal("untouched", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task A_missing_folder_is_an_error_at_once() =>
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            new SignalWriter(Path.Combine(_box.Folder, "nowhere", "signal"), _box.Time).WriteAsync([], CancellationToken.None));
}
