using System.Collections;

namespace StoreModel;

/// <summary>Rows in the order of their writing. Pictures share the array: nobody writes below the length that a picture saw.</summary>
internal sealed class Log<TRow> : IReadOnlyList<TRow>
    where TRow : class
{
    private TRow[] _rows = [];
    private bool _tailIsOurs = true;

    public int Count { get; private set; }

    public long Writes { get; private set; }

    public TRow this[int index] => _rows.AsSpan(0, Count)[index];

    public void Add(TRow row)
    {
        Writes++;
        if (!_tailIsOurs || Count == _rows.Length)
        {
            var own = new TRow[Math.Max(16, Count * 2)];
            Array.Copy(_rows, own, Count);
            _rows = own;
            _tailIsOurs = true;
        }
        _rows[Count++] = row;
    }

    public void RemoveAll(Predicate<TRow> unwanted)
    {
        var kept = Array.FindAll(_rows[..Count], row => !unwanted(row));
        if (kept.Length == Count)
            return;
        Writes++;
        (_rows, Count, _tailIsOurs) = (kept, kept.Length, true);
    }

    public Picture Take() => new(_rows, Count);

    public void Restore(Picture picture)
    {
        Writes++;
        (_rows, Count, _tailIsOurs) = (picture.Rows, picture.Count, false);
    }

    public IEnumerator<TRow> GetEnumerator() => ((IEnumerable<TRow>)new ArraySegment<TRow>(_rows, 0, Count)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal readonly record struct Picture(TRow[] Rows, int Count);
}
