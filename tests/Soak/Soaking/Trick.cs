namespace Soak.Soaking;

/// <summary>Something that goes wrong, or that somebody does.</summary>
/// <param name="Name">For the count at the end.</param>
/// <param name="Weight">How often, beside the others.</param>
/// <param name="PlayAsync">False when there was nothing to play it on.</param>
internal sealed record Trick(string Name, int Weight, Func<Task<bool>> PlayAsync)
{
    public int Played { get; set; }

    public static Trick Choose(IReadOnlyList<Trick> tricks, Random random)
    {
        var at = random.Next(tricks.Sum(t => t.Weight));
        return tricks.First(t => (at -= t.Weight) < 0);
    }
}
