using System.Globalization;
using System.Text;

namespace Simulation.Engine;

/// <summary>
/// Everything that crossed a border of a process, in order: always as a hash, as readable lines only when somebody will read them.
/// </summary>
internal sealed class Trace(Scheduler scheduler, bool keepLines)
{
    private readonly List<string> _lines = [];
    private ulong _hash = 14695981039346656037UL;

    public bool KeepsLines => keepLines;

    public IReadOnlyList<string> Lines => _lines;

    public ulong Hash => _hash;

    public long Count { get; private set; }

    /// <param name="who">A process, or <c>world</c>.</param>
    /// <param name="what">The kind of event.</param>
    /// <param name="detail">Its outcome; part of the hash.</param>
    public void Add(string who, string what, string detail = "")
    {
        Count++;
        Mix((ulong)scheduler.Ticks);
        Mix(who);
        Mix(what);
        Mix(detail);
        if (keepLines)
        {
            Line(who, detail.Length == 0 ? what : $"{what} {detail}");
        }
    }

    /// <summary>A line for the reader only: the log, which is not part of the hash.</summary>
    public void Note(string who, string text)
    {
        if (keepLines)
        {
            Line(who, text);
        }
    }

    private void Line(string who, string text)
    {
        var line = new StringBuilder(text.Length + 32);
        line.Append(CultureInfo.InvariantCulture, $"{scheduler.Elapsed.TotalSeconds,10:0.000}  {who,-10} ");
        foreach (var c in text)
        {
            line.Append(char.IsControl(c) ? '␤' : c);
        }

        _lines.Add(line.ToString());
    }

    private void Mix(ulong value) => _hash = (_hash ^ value) * 1099511628211UL;

    private void Mix(string text)
    {
        var hash = _hash;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        _hash = (hash ^ 0xFF) * 1099511628211UL;
    }
}
