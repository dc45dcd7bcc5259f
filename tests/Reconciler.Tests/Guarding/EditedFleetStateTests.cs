using CsCheck;
using NSubstitute;
using Reconciler.Hosting;
using Reconciler.Secrets;
using Store;

namespace Reconciler.Tests.Guarding;

/// <summary>The fleet's small documents in the database, after somebody edited them.</summary>
public sealed class EditedFleetStateTests
{
    private readonly IStore _store = Substitute.For<IStore>();

    [Fact]
    public void A_digest_key_that_is_none_is_told_with_what_to_do() =>
        Gen.OneOf(HostileJson.TextOf("\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\""), HostileText.Within("\"AAAA\"", "null", "{}", "\"\"").Select(HostileText.AsStored)).Hold(1_000, json =>
        {
            _store.GetOrCreateFleetStateAsync(default!, default!, default).ReturnsForAnyArgs(json);
            try
            {
                Assert.Equal(32, FleetMemory.DigestKeyAsync(_store, default).GetAwaiter().GetResult().Length);
            }
            catch (StoreSchemaException problem)
            {
                Assert.Contains("digest-key", problem.Message, StringComparison.Ordinal);
                HostileText.AssertHarmless(problem.Message);
            }

            _store.ClearReceivedCalls();
        });

    [Fact]
    public void A_verified_key_that_is_none_is_verified_anew() => HostileJson.TextOf("\"0123456789abcdef\"").Hold(1_000, json =>
    {
        _store.ReadFleetStateAsync(default!, default).ReturnsForAnyArgs(json);
        IVerifiedKeyStore memory = new FleetMemory(_store, () => null);

        _ = memory.LoadAsync(default).GetAwaiter().GetResult();
        _store.ClearReceivedCalls();
    });
}
