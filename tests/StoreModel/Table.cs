using System.Collections;

namespace StoreModel;

/// <summary>
/// Rows in the order of their keys. A simulated fleet is small: an array is read without an allocation and a picture of it costs
/// nothing until the next write.
/// </summary>
/// <param name="key">Of a row.</param>
/// <param name="order">Of the keys.</param>
/// <param name="sameShape">Whether what a derived reading is kept by is the same in both; null = nothing is kept.</param>
internal sealed class Table<TKey, TRow>(Func<TRow, TKey> key, IComparer<TKey> order, Func<TRow, TRow, bool>? sameShape = null) : IReadOnlyList<TRow>
    where TRow : class
{
    private TRow[] _rows = [];
    private bool _shared;

    public int Count { get; private set; }

    /// <summary>Grows with each write.</summary>
    public long Writes { get; private set; }

    /// <summary>Grows with each write that changes a row's shape, adds one or takes one away.</summary>
    public long Shapes { get; private set; }

    public ReadOnlySpan<TRow> Rows => _rows.AsSpan(0, Count);

    public TRow this[int index] => Rows[index];

    public TRow? Find(TKey wanted) => Search(wanted) is >= 0 and var at ? _rows[at] : null;

    /// <summary>Inserts the row or replaces the one with its key.</summary>
    public void Put(TRow row)
    {
        Writes++;
        var at = Search(key(row));
        if (at >= 0)
        {
            Shapes += sameShape?.Invoke(_rows[at], row) == true ? 0 : 1;
            Own(_rows.Length);
            _rows[at] = row;
            return;
        }
        Shapes++;
        at = ~at;
        Own(Count == _rows.Length ? Math.Max(8, Count * 2) : _rows.Length);
        Array.Copy(_rows, at, _rows, at + 1, Count - at);
        _rows[at] = row;
        Count++;
    }

    public bool Remove(TKey unwanted)
    {
        var at = Search(unwanted);
        if (at < 0)
            return false;
        Writes++;
        Shapes++;
        Own(_rows.Length);
        Array.Copy(_rows, at + 1, _rows, at, Count - at - 1);
        _rows[--Count] = null!;
        return true;
    }

    public Picture Take()
    {
        _shared = true;
        return new Picture(_rows, Count);
    }

    public void Restore(Picture picture)
    {
        Writes++;
        Shapes++;
        _rows = picture.Rows;
        Count = picture.Count;
        _shared = true;
    }

    public IEnumerator<TRow> GetEnumerator() => ((IEnumerable<TRow>)new ArraySegment<TRow>(_rows, 0, Count)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Search(TKey wanted)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var compared = order.Compare(key(_rows[middle]), wanted);
            if (compared == 0)
                return middle;
            if (compared < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    private void Own(int capacity)
    {
        if (!_shared && capacity == _rows.Length)
            return;
        var own = new TRow[capacity];
        Array.Copy(_rows, own, Count);
        _rows = own;
        _shared = false;
    }

    internal readonly record struct Picture(TRow[] Rows, int Count);
}
