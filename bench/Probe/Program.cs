using System.Globalization;
using Probe;

// One side of one comparison, in a process of its own so that its memory is its own. The runner says when each round is.
return args switch
{
    ["pass", "ours", var address, var database] => await Rounds.RunAsync(await OurPass.OpenAsync(new Uri(address), database)),
    ["pass", "floor", var address, var database] => await Rounds.RunAsync(new FloorPass(new Uri(address), database)),
    ["status", "ours", var database, var rows] => await Rounds.RunAsync(await OurStatuses.OpenAsync(database, Number(rows), changing: true)),
    ["status", "unchanged", var database, var rows] => await Rounds.RunAsync(await OurStatuses.OpenAsync(database, Number(rows), changing: false)),
    ["status", "floor", var database, var rows] => await Rounds.RunAsync(await FloorStatuses.OpenAsync(database, Number(rows))),
    ["look", "ours", var database, var looks] => await Rounds.RunAsync(await OurLooks.OpenAsync(database, Number(looks))),
    ["look", "floor", var database, var looks] => await Rounds.RunAsync(await FloorLooks.OpenAsync(database, Number(looks))),
    ["queue", "ours", var keys] => await Rounds.RunAsync(new OurQueue(Number(keys))),
    ["queue", "floor", var keys] => await Rounds.RunAsync(new FloorQueue(Number(keys))),
    ["rollout", "ours", var database] => await Rounds.RunAsync(await OurTurn.OpenAsync(database)),
    ["rollout", "floor", var database] => await Rounds.RunAsync(FloorUsers.Open(database)),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("The bench runner starts this program; see bench/README.md.");
    return 2;
}
