// Each test runs a server, a database and at least one daemon: two at a time keep two cores busy.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
