// One fleet is running for most of these tests; a second beside it would only slow both.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
