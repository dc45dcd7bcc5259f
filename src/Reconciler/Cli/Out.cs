using Reconciler.Texts;
using Spectre.Console;
using Cell = Spectre.Console.Text;

namespace Reconciler.Cli;

/// <summary>What commands print for people. Users, machines, Fly and the database may have written any part of it: nothing of that
/// may move the cursor, colour the terminal or pass for a line of ours. (JSON escapes by itself.)</summary>
internal static class Out
{
    private const int LongestLine = 4_000;

    public static string Clean(string text) => UntrustedText.Clean(text, LongestLine);

    public static Cell CellOf(string? text) => new(Clean(text ?? ""));

    public static void Line(string text) => Console.Out.WriteLine(Clean(text));

    public static Task ErrorAsync(string text) => Console.Error.WriteLineAsync(Clean(text));
}
