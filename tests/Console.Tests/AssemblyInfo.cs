// A server, a database, a daemon and a browser for each class: one after the other on a small machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
