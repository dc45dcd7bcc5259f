using Spectre.Console;

namespace Bench.Measuring;

/// <summary>One scenario's table. The last column says whether the goal is met, honestly either way.</summary>
internal sealed class Report(string title)
{
    private readonly Table _table = new Table().Title(title).AddColumns("What", "Ours", "Floor", "Ours / floor", "Goal", "Met");

    public void Timed(string what, Figures ours, Figures floor, Figures ratio, double? goal, string unit) =>
        Row(what, ours.Text(unit), floor.Text(unit), ratio.Text("x"), goal is { } limit ? $"≤ {limit}x" : "", goal is null ? null : ratio.Median <= goal);

    public void Exact(string what, double ours, double expected) =>
        Row(what, Figures.Short(ours), "", "", $"= {Figures.Short(expected)}", ours == expected);

    public void Row(string what, string ours, string floor, string ratio, string goal, bool? met) =>
        _table.AddRow([.. new[] { what, ours, floor, ratio, goal, met switch { true => "yes", false => "NO", null => "" } }.Select(static t => new Text(t))]);

    public void Print() => AnsiConsole.Write(_table);
}
