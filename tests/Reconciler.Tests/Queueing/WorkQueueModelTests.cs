using CsCheck;
using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

/// <summary>
/// Random histories against the naive model. On failure the shortest history found is printed with its seed;
/// <c>CsCheck_Seed=... dotnet test</c> replays it.
/// </summary>
public sealed class WorkQueueModelTests
{
    private static readonly WorkQueueOptions Options = new() { AgeingStep = TimeSpan.FromSeconds(6), ReservedEvery = 4 };

    private static readonly Gen<string> Keys = Gen.OneOf("a", "b", "c", "d", "e", "f", "g");

    private static readonly Gen<Op> Ops = Gen.Frequency(
        (8, Gen.Select(
            Keys,
            Gen.Enum<Priority>(),
            Gen.Frequency((2, Gen.Const(AddKind.Hint)), (1, Gen.Const(AddKind.NewGeneration)), (1, Gen.Const(AddKind.Force))),
            Gen.OneOf(Gen.Const(0), Gen.Int[0, 15]),
            (key, priority, kind, delay) => (Op)new AddOp(key, priority, kind, delay))),
        (4, Gen.Const<Op>(new TakeOp())),
        (2, Gen.Const<Op>(new WaitOp())),
        (5, Gen.Select(Gen.Int[0, 6], Gen.Bool, Gen.Bool, Gen.Int[0, 15], (which, again, failed, delay) => (Op)new FinishOp(which, again, failed, delay))),
        (3, Gen.Select(Gen.Int[1, 8], seconds => (Op)new PassOp(seconds))));

    [Fact]
    public void Every_history_keeps_the_promises() =>
        Ops.Array[1, 120].Sample(Run, iter: 1000, print: ops => string.Join('\n', (object[])ops));

    private static void Run(Op[] ops)
    {
        using var driver = new QueueDriver(Options);
        var history = new History(driver, new QueueModel((int)Options.AgeingStep.TotalSeconds, Options.ReservedEvery));
        foreach (var op in ops)
        {
            history.Play(op);
            history.Compare();
        }

        history.FinishEverything();
    }

    private abstract record Op;

    private sealed record AddOp(string Key, Priority Priority, AddKind Kind, int Delay) : Op;

    private sealed record TakeOp : Op;

    /// <summary>A taker that waits for as long as it takes.</summary>
    private sealed record WaitOp : Op;

    private sealed record FinishOp(int Which, bool Again, bool Failed, int Delay) : Op;

    private sealed record PassOp(int Seconds) : Op;

    private sealed class History(QueueDriver driver, QueueModel model)
    {
        private readonly Queue<Task<WorkItem<string>?>> _waiting = [];

        public void Play(Op op)
        {
            switch (op)
            {
                case AddOp add:
                    model.Add(add.Key, add.Priority, add.Kind, add.Delay);
                    driver.Queue.Add(add.Key, add.Priority, add.Kind, TimeSpan.FromSeconds(add.Delay));
                    break;
                case TakeOp:
                    Take();
                    break;
                case WaitOp:
                    _waiting.Enqueue(driver.Queue.TakeAsync(CancellationToken.None).AsTask());
                    break;
                case FinishOp finish when model.Running.ToList() is { Count: > 0 } running:
                    Finish(running[finish.Which % running.Count], finish);
                    break;
                case PassOp pass:
                    Pass(pass.Seconds);
                    break;
            }

            CollectWaiting();
        }

        public void Compare()
        {
            var statistics = driver.Queue.Statistics();
            Assert.Equal(model.ReadyByPriority, statistics.ReadyByPriority);
            Assert.Equal(model.DelayedCount, statistics.Delayed);
            Assert.Equal(model.Running.Count(), statistics.Processing);
        }

        /// <summary>Nothing that was ever asked for may be left behind.</summary>
        public void FinishEverything()
        {
            for (var round = 0; round < 1000 && (model.Running.Any() || model.DelayedCount > 0 || model.ReadyByPriority.Sum() > 0); round++)
            {
                foreach (var key in model.Running.ToList())
                {
                    Finish(key, new FinishOp(0, Again: false, Failed: false, 0));
                    CollectWaiting();
                }

                Take();
                Pass(1);
            }

            Assert.Empty(driver.Queue.Snapshot());
        }

        private void Take()
        {
            if (driver.TryTake() is { } item)
            {
                model.HandOut(item);
            }
            else
            {
                model.NothingIsReady();
            }
        }

        private void Finish(string key, FinishOp how)
        {
            if (how.Again)
            {
                model.Requeue(key, how.Delay, how.Failed);
                driver.Queue.Requeue(key, TimeSpan.FromSeconds(how.Delay), floor: how.Failed);
            }

            model.Done(key);
            driver.Queue.Done(key);
        }

        private void Pass(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                model.Pass(1);
                driver.Pass(1);
                CollectWaiting();
            }
        }

        private void CollectWaiting()
        {
            while (_waiting.TryPeek(out var first) && first.IsCompleted)
            {
                model.HandOut(_waiting.Dequeue().Result!);
            }

            Assert.DoesNotContain(_waiting, t => t.IsCompleted); // a later taker was served before an earlier one
            if (_waiting.Count > 0)
            {
                model.NothingIsReady();
            }
        }
    }
}
