namespace Simulation.Stories;

/// <summary>Seeds that once found a defect, each with what it found. They run first, for ever.</summary>
internal static class Regressions
{
    public static IReadOnlyList<ulong> Seeds => [.. Found.Select(f => f.Seed)];

    public static IReadOnlyList<(ulong Seed, string What)> Found { get; } =
    [
        (40468, "the intent of a create stayed open for ever when another organisation had the name and the user had left"),
        (41177, "the same, after a create whose answer never came"),
        (1002111, "looks at an app whose row was gone never agreed, so its last records stayed for ever"),
        (3007284, "an app was given up at the first look, because it had been missing before we made it"),
        (2009744, "a user was renamed away from an app whose creation had not been answered, and it landed later"),
        (2010721, "an update that a lost tier interrupted was taken for a crash, and rolled back to an image that was gone"),
        (1004192, "a lease that was granted while the process was asked to stop was left behind"),
        (1005443, "an earlier error was told of a machine that was crash-looping by now"),
        (1001239, "none: the simulation missed an event, because others had gone with their user"),
        (5000737, "a rollout waited for ever for a user whose machine was lost on the way to the revision before, and whose image was gone"),
        (6010636, "of two controllers without a lease, the one with the older look spoke over a burial, and nobody looked again"),
        (7037763, "a lease lost to a failover was told as a failure to save the last good image"),
        (7016959, "none: a delete that came into effect a minute late was not waited for before the calm"),
        (7015086, "none: two that act at once were held to agree on which secrets a machine booted with"),
        (47001110810235, "an app was given up at the first look, because a crash had kept the end of an earlier absence from being written down"),
        (47001110808154, "none: marks that a failover brought back were taken for moves of that moment"),
        (47001110811015, "a revision was condemned at a machine's first start on it, for the starts from before, and so was the one before it"),
        (47001110800503, "an answer of 200 that tells of an error was believed, and the creation before it landed later and was nobody's"),
        (48000000005960, "an intent that another controller had opened, and closed meanwhile, was relied on, and the app was nobody's"),
        (49000000005426, "the secrets of an app that Fly did not show yet were asked for, and the user was told to be unreadable at every audit"),
        (199364450908726, "a user who came up by itself on its way was moved on beside as many others as are allowed"),
        (51000000031010, "the same, when the place of its revision was taken"),
        (51000000010859, "a machine that had booted with changed secrets was restarted for ever, when they had been put back before anybody looked"),
        (51000000010407, "none: nobody ended an operator's pause that a clock had made long, when a rollout began after the trouble"),
        (53000000004921, "a worker that noticed the lease's end was gone for the rest of the term, which went on with the others when it was renewed"),
        (53000000051099, "a creation that was never answered was forgotten at one misleading 404, and its app was nobody's"),
        (53000000058593, "of two controllers without a lease, one buried a user whose app the other had asked for, and nobody looked again"),
        (55000000043401, "a user who was back and whom the trigger had missed was acted on, and nothing said of the buried row was kept"),
        (55000001043996, "a user who was renamed and left kept the machine of the other app in its row"),
        (55000001056590, "a creation counted as too old to land after our own clock had jumped ahead, and its app was nobody's"),
        (55000001103847, "one misleading answer that a machine was gone started its successor beside it"),
        (55000001092383, "of two controllers without a lease, one doubted what the other had given up, and the buried row said so for ever"),
        (56000000008132, "a machine was made anew, for ever, with the last good image, which was gone, although another was wished for"),
        (56000000008194, "a user who came up on its way to one revision was moved on to the next beside as many others as are allowed"),
        (57000000004516, "none: an app that somebody deleted at once while its deletion was under way took the next one of its name with it"),
        (58000001000422, "an app that we had made was given up because two looks half a minute apart were both lied to, twice each"),
        (58000000007133, "a user who came up between the look and the move was taken down for nothing, beside as many others as are allowed"),
        (60000001003176, "a destruction was drawn, refused by Fly, and done later, when its draw had nearly left the hour: one more than allowed in an hour"),
        (60000001024791, "an app was deleted on an old answer to the question whether its user was still gone"),
        (60000001025727, "users who work on the revision that they were moved to, and are about to be told to be good, were taken for stuck, and one was moved on"),
        (63000001000013, "a user whose row somebody gave another app's name, and who left, kept the old machine in its row"),
        (64000001003101, "a machine was elected, and started, in an app that the user's row no longer named"),
        (65000000000019, "a user who was being changed was moved on to another revision beside as many others as are allowed"),
        (65000001006684, "a revert stood still for ever after one refusal, because the second try was judged by what the row said of the first"),
        (67000001012686, "a machine went on with a secret that somebody had changed: it was set right before that was written down, and then a call and the database failed"),
        (72000000033599, "a user who worked was taken back from a revision while as many others as are allowed were down"),
        (72000000040995, "a revert that a guard held up for too long stood still for ever, although its user had come back"),
        (5923, "more users left than the tripwire believes, and nobody released the hold"),
    ];
}
