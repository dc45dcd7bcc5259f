using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Secrets;
using Reconciler.Tests.Health;

namespace Reconciler.Tests.Secrets;

public sealed class ServiceKeyVerifierTests
{
    private static readonly byte[] DigestKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public async Task Supabase_is_asked_with_the_key_in_both_headers()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK);

        var verdict = await Verifier(handler).VerifyAsync(CancellationToken.None);

        Assert.Equal(KeyVerdict.Good, verdict);
        var request = Assert.Single(handler.Requests);
        Assert.Equal(Keys.Url + "/rest/v1/", request.RequestUri?.AbsoluteUri);
        Assert.Equal(Keys.Opaque, Assert.Single(request.Headers.GetValues("apikey")));
        Assert.Equal("Bearer " + Keys.Opaque, Assert.Single(request.Headers.GetValues("Authorization")));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, true)]
    [InlineData(406, true)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    [InlineData(302, false)]
    public async Task A_key_is_good_once_the_project_itself_has_answered_something_but_a_refusal(int status, bool good)
    {
        using var handler = FakeHandler.Answering((HttpStatusCode)status);

        var verdict = await Verifier(handler).VerifyAsync(CancellationToken.None);

        Assert.Equal(good, verdict.Problem is null);
    }

    [Fact]
    public async Task A_refused_key_is_told_and_nothing_of_it_is_said()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.Unauthorized, """{"message":"Invalid API key"}""");

        var verdict = await Verifier(handler).VerifyAsync(CancellationToken.None);

        Assert.Contains("refuses SUPABASE_SERVICE_ROLE_KEY", verdict.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_the_wrong_form_is_never_sent_anywhere()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK);

        var verdict = await Verifier(handler, key: "sb_publishable_x").VerifyAsync(CancellationToken.None);

        Assert.NotNull(verdict.Problem);
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task The_form_alone_decides_when_the_online_look_is_off()
    {
        using var handler = FakeHandler.Failing(new HttpRequestException("no network"));

        Assert.Equal(KeyVerdict.Good, await Verifier(handler, online: false).VerifyAsync(CancellationToken.None));
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task A_key_that_was_never_verified_waits_while_supabase_is_away()
    {
        using var handler = FakeHandler.Failing(new HttpRequestException("no route"));

        var verdict = await Verifier(handler).VerifyAsync(CancellationToken.None);

        Assert.Contains("could not be verified", verdict.Problem, StringComparison.Ordinal);
        Assert.Contains("tried again by itself", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_supabase_counts_as_away_after_ten_seconds()
    {
        var (time, asked) = (new FakeTimeProvider(Keys.Now), new TaskCompletionSource());
        using var handler = FakeHandler.Silent(asked);
        var verdict = Verifier(handler, time: time).VerifyAsync(CancellationToken.None);
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains("could not be verified", (await verdict).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_while_supabase_is_away_blocks_nobody()
    {
        var store = new FakeKeyStore();
        using var up = FakeHandler.Answering(HttpStatusCode.OK);
        using var away = FakeHandler.Failing(new HttpRequestException("no route"));
        await Verifier(up, store).VerifyAsync(CancellationToken.None);

        var verdict = await Verifier(away, store).VerifyAsync(CancellationToken.None);

        Assert.Equal(KeyVerdict.Good, verdict);
        Assert.DoesNotContain(Keys.Opaque, store.Digest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_memory_is_of_one_key_at_one_address()
    {
        var store = new FakeKeyStore();
        using var up = FakeHandler.Answering(HttpStatusCode.OK);
        using var away = FakeHandler.Failing(new HttpRequestException("no route"));
        await Verifier(up, store).VerifyAsync(CancellationToken.None);

        Assert.NotNull((await Verifier(away, store, key: "sb_secret_another").VerifyAsync(CancellationToken.None)).Problem);
        Assert.NotNull((await Verifier(away, store, url: "https://other.example.com").VerifyAsync(CancellationToken.None)).Problem);
    }

    [Fact]
    public async Task A_key_that_is_refused_later_is_forgotten()
    {
        var store = new FakeKeyStore();
        using var up = FakeHandler.Answering(HttpStatusCode.OK);
        using var refusing = FakeHandler.Answering(HttpStatusCode.Unauthorized);
        using var away = FakeHandler.Failing(new HttpRequestException("no route"));
        await Verifier(up, store).VerifyAsync(CancellationToken.None);

        await Verifier(refusing, store).VerifyAsync(CancellationToken.None);

        Assert.Null(store.Digest);
        Assert.NotNull((await Verifier(away, store).VerifyAsync(CancellationToken.None)).Problem);
    }

    [Fact]
    public async Task A_refused_new_key_does_not_make_the_old_one_forgotten()
    {
        var store = new FakeKeyStore();
        using var up = FakeHandler.Answering(HttpStatusCode.OK);
        using var refusing = FakeHandler.Answering(HttpStatusCode.Unauthorized);
        await Verifier(up, store).VerifyAsync(CancellationToken.None);
        var old = store.Digest;

        await Verifier(refusing, store, key: "sb_secret_mistyped").VerifyAsync(CancellationToken.None);

        Assert.Equal(old, store.Digest);
    }

    [Fact]
    public async Task A_verified_key_is_saved_once()
    {
        var store = new FakeKeyStore();
        using var handler = FakeHandler.Answering(HttpStatusCode.OK);
        var verifier = Verifier(handler, store);

        await verifier.VerifyAsync(CancellationToken.None);
        await verifier.VerifyAsync(CancellationToken.None);

        Assert.Equal(1, store.Saves);
    }

    [Fact]
    public async Task A_store_in_trouble_changes_no_verdict_and_is_tried_again()
    {
        var store = new FakeKeyStore { Broken = true };
        using var handler = FakeHandler.Answering(HttpStatusCode.OK);
        var verifier = Verifier(handler, store);

        Assert.Equal(KeyVerdict.Good, await verifier.VerifyAsync(CancellationToken.None));
        store.Broken = false;
        await verifier.VerifyAsync(CancellationToken.None);

        Assert.NotNull(store.Digest);
    }

    [Fact]
    public async Task A_key_verified_before_we_led_is_saved_at_the_next_verification()
    {
        var store = new FakeKeyStore { ReadOnly = true };
        using var handler = FakeHandler.Answering(HttpStatusCode.OK);
        var verifier = Verifier(handler, store);
        await verifier.VerifyAsync(CancellationToken.None);
        Assert.Null(store.Digest);

        store.ReadOnly = false;
        await verifier.VerifyAsync(CancellationToken.None);

        Assert.NotNull(store.Digest);
    }

    [Fact]
    public async Task A_shutdown_is_not_a_verdict()
    {
        var asked = new TaskCompletionSource();
        using var handler = FakeHandler.Silent(asked);
        using var shutdown = new CancellationTokenSource();
        var verdict = Verifier(handler).VerifyAsync(shutdown.Token);
        await asked.Task;

        await shutdown.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => verdict);
    }

    private static ServiceKeyVerifier Verifier(
        FakeHandler handler, FakeKeyStore? store = null, string key = Keys.Opaque, string url = Keys.Url, bool online = true, TimeProvider? time = null) =>
        new(
            new MachineSecrets { SupabaseUrl = url, ServiceRoleKey = new SecretText(key) },
            online,
            handler,
            time ?? new FakeTimeProvider(Keys.Now),
            store ?? new FakeKeyStore(),
            DigestKey,
            NullLogger<ServiceKeyVerifier>.Instance);
}
