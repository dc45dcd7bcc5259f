using System.Text;
using Reconciler.Signals;

namespace Reconciler.Tests.Signals;

public sealed class SignalFileTests : IDisposable
{
    private readonly SignalBox _box = new();

    public void Dispose() => _box.Dispose();

    private void Put(string content) => File.WriteAllText(_box.Path, content);

    [Fact]
    public void A_signal_is_taken_delivered_once_and_removed()
    {
        _box.Watch();
        Put("alice\nbob\n");
        _box.Pass(400);

        var request = Assert.Single(_box.ReceiveAll());
        Assert.Equal((false, "alice,bob"), (request.Everyone, string.Join(',', request.Names)));
        Assert.False(File.Exists(_box.Path));

        _box.Pass(3000);
        Assert.Empty(_box.ReceiveAll());
        Assert.Empty(_box.Files);
    }

    [Fact]
    public void A_file_that_was_there_before_the_start_counts()
    {
        Put("alice");
        _box.Watch();
        _box.Pass(200);

        Assert.Equal(["alice"], _box.TryReceive()?.Names);
    }

    [Fact]
    public void Signals_in_a_row_each_count_and_have_ids_of_their_own()
    {
        _box.Watch();
        for (var i = 0; i < 5; i++)
        {
            Put($"user {i}");
            _box.Pass(400);
        }

        var requests = _box.ReceiveAll();
        Assert.Equal(["user 0", "user 1", "user 2", "user 3", "user 4"], requests.SelectMany(r => r.Names));
        Assert.Equal(5, requests.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public void A_writer_that_holds_the_file_open_while_it_is_taken_loses_no_line_and_no_half_line_is_read()
    {
        _box.Watch();
        using var writer = new FileStream(_box.Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        void Write(string text)
        {
            writer.Write(Encoding.UTF8.GetBytes(text));
            writer.Flush();
        }

        Write("ali");
        _box.Pass(250);
        Assert.False(File.Exists(_box.Path));
        _box.Pass(50);
        Write("ce\nbo");
        _box.Pass(50);
        Write("b\n");
        _box.Pass(50);
        Assert.Null(_box.TryReceive());
        _box.Pass(500);
        Assert.Equal(["alice", "bob"], Assert.Single(_box.ReceiveAll()).Names);

        Write("carol\n");
        _box.Pass(1000);
        Assert.Contains("carol", Assert.Single(_box.ReceiveAll()).Names);
    }

    [Fact]
    public void A_writer_that_never_pauses_is_read_all_the_same()
    {
        _box.Watch();
        for (var i = 0; i < 200; i++)
        {
            File.AppendAllText(Directory.EnumerateFiles(_box.Folder, "signal.processing.*").FirstOrDefault() ?? _box.Path, $"user-{i}\n");
            _box.Pass(50);
        }

        _box.Pass(1000);
        var requests = _box.ReceiveAll();
        Assert.True(requests.Count > 1);
        Assert.Equal(200, requests.SelectMany(r => r.Names).Distinct().Count());
    }

    [Fact]
    public async Task What_a_crash_left_behind_is_taken_up_in_order_at_the_next_start()
    {
        await File.WriteAllTextAsync(_box.Path + ".processing.10", "second");
        await File.WriteAllTextAsync(_box.Path + ".processing.9", "first");
        await File.WriteAllTextAsync(_box.Path + ".processing.notes", "not ours");
        await File.WriteAllTextAsync(_box.Path, "third");
        _box.Watch();
        _box.Pass(4000);

        Assert.Equal(["first", "second", "third"], _box.ReceiveAll().SelectMany(r => r.Names));
        Assert.Equal(["signal.processing.notes"], _box.Files);
    }

    [Fact]
    public async Task A_request_that_was_not_confirmed_before_the_stop_comes_again()
    {
        await File.WriteAllTextAsync(_box.Path, "alice");
        using var stop = new CancellationTokenSource();
        var requests = new SignalFile(_box.Path, _box.Time, _box.Log).WatchAsync(stop.Token).GetAsyncEnumerator(CancellationToken.None);
        var first = requests.MoveNextAsync();
        _box.Pass(200);
        Assert.True(await first);
        await requests.DisposeAsync();

        _box.Watch();
        _box.Pass(200);

        Assert.Equal(["alice"], _box.TryReceive()?.Names);
    }

    [Fact]
    public async Task A_request_that_was_confirmed_does_not_come_again_after_a_stop()
    {
        _box.Watch();
        await File.WriteAllTextAsync(_box.Path, "alice");
        _box.Pass(400);
        await _box.StopAsync();

        Assert.Single(_box.ReceiveAll());
        Assert.Empty(_box.Files);
    }

    [Fact]
    public void A_missing_folder_is_told_once_and_the_watch_goes_on_when_it_appears()
    {
        var folder = Path.Combine(_box.Folder, "later");
        _box.Watch(path: Path.Combine(folder, "signal"));
        _box.Pass(5000);
        Assert.Equal([603], _box.Log.Entries.Select(e => e.Id));

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "signal"), "");
        _box.Pass(500);

        Assert.True(_box.TryReceive()?.Everyone);
        Assert.Equal([603, 604, 600], _box.Log.Entries.Select(e => e.Id));
    }

    [Fact]
    public void A_directory_at_the_path_is_told_once_and_left_where_it_is()
    {
        Directory.CreateDirectory(_box.Path);
        _box.Watch();
        _box.Pass(5000);

        Assert.Equal([603], _box.Log.Entries.Select(e => e.Id));
        Assert.Contains("directory", (string?)_box.Result()["error"], StringComparison.Ordinal);
        Assert.True(Directory.Exists(_box.Path));
    }

    private static void MakeTooLarge(string path) => File.WriteAllBytes(path, Enumerable.Repeat((byte)'x', (1024 * 1024) + 1).ToArray());

    private static void MakeTooLong(string path) => File.WriteAllText(path, string.Concat(Enumerable.Repeat("a\n", 100_001)));

    private static void MakeBinary(string path) => File.WriteAllBytes(path, [0x7F, 0x45, 0x4C, 0x46, 0, 0xFF, 0xFE]);

    private static void MakeLinkLoop(string path) => File.CreateSymbolicLink(path, path);

    private static void MakeLinkElsewhere(string path) => File.CreateSymbolicLink(path, "/etc/passwd");

    private static void MakeLinkToNoEnd(string path) => File.CreateSymbolicLink(path, "/dev/zero");

    private static void MakePipe(string path) => SignalBox.ShellAsync($"mkfifo '{path}'").GetAwaiter().GetResult();

    public static TheoryData<string, Action<string>, string> Refused => new()
    {
        { "too large", MakeTooLarge, "more than 1048576 bytes" },
        { "too many lines", MakeTooLong, "more than 100000 lines" },
        { "binary", MakeBinary, "not UTF-8" },
        { "link loop", MakeLinkLoop, "symbolic link" },
        { "link to a file", MakeLinkElsewhere, "symbolic link" },
        { "link to a device", MakeLinkToNoEnd, "symbolic link" },
        { "pipe", MakePipe, "pipe" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_is_no_signal_is_moved_aside_with_the_reason_in_the_result_and_the_next_signal_works(
        string name, Action<string> make, string says)
    {
        make(_box.Path);
        _box.Watch();
        _box.Pass(500);

        Assert.Empty(_box.ReceiveAll());
        Assert.Contains(says, (string?)_box.Result()["error"], StringComparison.Ordinal);
        Assert.NotNull(_box.Result()["finishedAt"]);
        Assert.Equal(["signal.rejected", "signal.result"], _box.Files);
        Assert.True(_box.Log.Entries.Any(e => e.Id == 601), $"nothing was logged for {name}");

        Put("alice");
        _box.Pass(500);
        Assert.Equal(["alice"], _box.TryReceive()?.Names);
    }

    [Fact]
    public async Task A_file_without_read_permission_is_refused_unless_we_may_read_everything()
    {
        await SignalBox.ShellAsync($"echo alice > '{_box.Path}'; chmod 000 '{_box.Path}'");
        _box.Watch();
        _box.Pass(500);

        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal(["alice"], _box.TryReceive()?.Names);
        }
        else
        {
            Assert.Contains("may not be read", (string?)_box.Result()["error"], StringComparison.Ordinal);
        }
    }
}
