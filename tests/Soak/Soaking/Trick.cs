namespace Soak.Soaking;

/// <summary>Something that goes wrong, or that somebody does.</summary>
/// <param name="Name">For the count at the end.</param>
/// <param name="Weight">How often, beside the others.</param>
/// <param name="PlayAsync">False when there was nothing to play it on.</param>
internal sealed record Trick(string Name, int Weight, Func<Task<bool>> PlayAsync)
{
    public int Played { get; set; }

    /// <summary>By weight, and every third time one that was not played yet: chance alone would leave one out of a short run.</summary>
    public static Trick Choose(IReadOnlyList<Trick> tricks, Random random)
    {
        if (random.Next(3) == 0 && tricks.Where(t => t.Played == 0).ToList() is { Count: > 0 } missing)
        {
            return missing[random.Next(missing.Count)];
        }

        var at = random.Next(tricks.Sum(t => t.Weight));
        return tricks.First(t => (at -= t.Weight) < 0);
    }
}
