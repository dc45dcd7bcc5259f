// Each test runs a server, a database and at least one daemon, and waits for them most of the time: four at a time keep two cores busy.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
