namespace Simulation.Stories;

/// <summary>One life cycle, played from an empty world; what should be true at the end is the oracle's business.</summary>
/// <param name="Name">On the command line and in reports.</param>
/// <param name="Play">What people and the world do. It waits where the next step only makes sense after the one before.</param>
/// <param name="IsCore">One of those that pairs of crashes are tried on.</param>
/// <param name="IsLate">What goes wrong begins when the story says that it is ready: how its users came to be is another story's.</param>
internal sealed record Story(string Name, Func<Stage, Task> Play, bool IsCore = false, bool IsLate = false)
{
    public static Story FromReady(string name, Func<Stage, Task> play, bool IsCore = false) => new(name, play, IsCore, IsLate: true);
}
