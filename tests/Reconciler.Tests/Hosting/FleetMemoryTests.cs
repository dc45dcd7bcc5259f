using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Reconciler.Hosting;
using Reconciler.Images;
using Reconciler.Leading;
using Store;

namespace Reconciler.Tests.Hosting;

public sealed class FleetMemoryTests
{
    private static readonly LeaseToken First = new("reconciler", "us", 1);
    private static readonly LeaseToken Second = new("reconciler", "us", 2);

    [Fact]
    public async Task What_a_lost_lease_kept_from_being_written_is_written_by_the_next_term()
    {
        var store = Substitute.For<IStore>();
        store.WriteFleetStateAsync(First, default!, default!, default).ThrowsAsyncForAnyArgs(new StaleEpochException(First));
        var term = Term(First);
        var memory = new FleetMemory(store, () => term);

        await ((ILastGoodImageStore)memory).SaveAsync("{}", CancellationToken.None); // no failure: another leader learns the same

        store.WriteFleetStateAsync(default!, default!, default!, default).ReturnsForAnyArgs(Task.CompletedTask);
        term = Term(Second);
        await memory.WriteAsync(CancellationToken.None);
        await store.Received(1).WriteFleetStateAsync(Second, "last-good-image", "{}", Arg.Any<CancellationToken>());
    }

    private static Leadership Term(LeaseToken token)
    {
        var time = new FakeTimeProvider();
        return new Leadership(time, token, TimeSpan.FromMinutes(1), time.GetTimestamp());
    }
}
