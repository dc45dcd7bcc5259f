using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Secrets;
using Reconciler.Tests.Health;

namespace Reconciler.Tests.Secrets;

public sealed class SecretSourceTests
{
    private static readonly Guid User = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");
    private static readonly byte[] DigestKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly MachineSecrets All = new()
    {
        SupabaseUrl = Keys.Url,
        ServiceRoleKey = new SecretText(Keys.Opaque),
        GeminiApiKey = new SecretText("gemini"),
        BraintrustApiKey = new SecretText("braintrust"),
        BraintrustProjectId = new SecretText("project"),
        OpenRouterApiKey = new SecretText("openrouter"),
    };

    [Fact]
    public void A_machine_gets_the_nine_secrets_that_its_program_reads()
    {
        var values = Values(Source(All), User);

        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["USER_ID"] = "63eea370-27a1-4099-866a-e3ed340b278d",
                ["RUN_MODE"] = "user_dedicated",
                ["SUPABASE_URL"] = Keys.Url,
                ["SUPABASE_SERVICE_KEY"] = Keys.Opaque,
                ["SUPABASE_SERVICE_ROLE_KEY"] = Keys.Opaque,
                ["GEMINI_API_KEY"] = "gemini",
                ["BRAINTRUST_API_KEY"] = "braintrust",
                ["BRAINTRUST_PROJECT_ID"] = "project",
                ["OPENROUTER_API_KEY"] = "openrouter",
            },
            values);
        Assert.Equal(values.Keys, Source(All).Status.Names);
        Assert.Equal(SecretNames.All, Source(All).Status.Names);
    }

    [Fact]
    public void What_is_not_configured_is_not_managed()
    {
        var source = Source(new MachineSecrets { SupabaseUrl = Keys.Url, ServiceRoleKey = new SecretText(Keys.Opaque) });

        Assert.Equal(["RUN_MODE", "SUPABASE_SERVICE_KEY", "SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_URL", "USER_ID"], source.Status.Names);
        Assert.Equal(source.Status.Names, Values(source, User).Keys);
    }

    [Fact]
    public void One_users_values_are_not_anothers()
    {
        var source = Source(All);
        var first = Values(source, User);

        var second = Values(source, Guid.Empty);

        Assert.Equal(User.ToString(), first["USER_ID"]);
        Assert.Equal(Guid.Empty.ToString(), second["USER_ID"]);
    }

    [Fact]
    public void Values_before_a_rotation_are_found_by_their_digest_whichever_were_rotated_together()
    {
        var before = Source(All).Status.Digest;
        var rotated = All with
        {
            ServiceRoleKey = new SecretText("sb_secret_the_new_one_of_them_all"),
            GeminiApiKey = new SecretText("gemini-2"),
            Previous = new Dictionary<string, SecretText>
            {
                ["SUPABASE_SERVICE_ROLE_KEY"] = All.ServiceRoleKey, ["GEMINI_API_KEY"] = All.GeminiApiKey!, ["OPENROUTER_API_KEY"] = new("older still"),
            },
        };
        var source = Source(rotated);

        Assert.NotEqual(before, source.Status.Digest);
        Assert.True(source.Knows(before));
        var values = source.ValuesFor(User, before)!;
        Assert.Equal((Keys.Opaque, Keys.Opaque, "gemini", "openrouter"), (values["SUPABASE_SERVICE_KEY"], values["SUPABASE_SERVICE_ROLE_KEY"], values["GEMINI_API_KEY"], values["OPENROUTER_API_KEY"]));
        Assert.Equal("gemini-2", Values(source, User)["GEMINI_API_KEY"]);
    }

    [Fact]
    public void Values_that_the_configuration_does_not_hold_any_more_are_not_known()
    {
        var before = Source(All).Status.Digest;

        var source = Source(All with { GeminiApiKey = new SecretText("gemini-2") });

        Assert.False(source.Knows(before));
        Assert.Null(source.ValuesFor(User, before));
    }

    private static IReadOnlyDictionary<string, string> Values(SecretSource source, Guid user) => source.ValuesFor(user, source.Status.Digest)!;

    [Fact]
    public void The_digest_is_short_stable_and_keyed()
    {
        Assert.Matches("^[0-9a-f]{16}$", Source(All).Status.Digest);
        Assert.Equal(Source(All).Status.Digest, Source(All).Status.Digest);
        Assert.NotEqual(Source(All).Status.Digest, Source(All, digestKey: new byte[32]).Status.Digest);
    }

    [Fact]
    public void The_digest_changes_with_every_value_and_every_name()
    {
        MachineSecrets[] sets =
        [
            All,
            All with { SupabaseUrl = "https://other.example.com" },
            All with { ServiceRoleKey = new SecretText("sb_secret_other") },
            All with { GeminiApiKey = new SecretText("gemini2") },
            All with { GeminiApiKey = null },
            All with { BraintrustApiKey = new SecretText("project"), BraintrustProjectId = new SecretText("braintrust") },
            All with { BraintrustApiKey = new SecretText("braintrustp"), BraintrustProjectId = new SecretText("roject") },
            All with { OpenRouterApiKey = null },
        ];

        Assert.Equal(sets.Length, sets.Select(set => Source(set).Status.Digest).Distinct().Count());
    }

    [Fact]
    public void Texts_that_join_to_the_same_have_different_digests() => Assert.NotEqual(
        KeyedDigest.Compute(DigestKey, ["ab", "c"], 16), KeyedDigest.Compute(DigestKey, ["a", "bc"], 16));

    [Fact]
    public async Task Nothing_is_rolled_out_before_the_key_is_verified()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK);
        var source = Source(All, handler);
        Assert.False(source.Status.Usable);

        Assert.True(await source.RefreshAsync(CancellationToken.None));
        Assert.True(source.Status.Usable);
        Assert.False(await source.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_refused_key_keeps_digest_and_names_and_adds_the_problem()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.Unauthorized);
        var source = Source(All, handler);
        var before = source.Status;

        Assert.True(await source.RefreshAsync(CancellationToken.None));

        Assert.Equal(before with { Problem = source.Status.Problem }, source.Status);
        Assert.Contains("refuses", source.Status.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_expires_soon_is_usable_and_warned_of()
    {
        using var handler = FakeHandler.Answering(HttpStatusCode.OK);
        var source = Source(All with { ServiceRoleKey = new SecretText(Keys.Jwt(expiresInDays: 3)) }, handler);

        await source.RefreshAsync(CancellationToken.None);

        Assert.True(source.Status.Usable);
        Assert.Contains("expires on 2026-01-04", source.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_do_not_print() =>
        Assert.DoesNotContain(Keys.Opaque, $"{All} {All.ServiceRoleKey} {Source(All).Status}", StringComparison.Ordinal);

    private static SecretSource Source(MachineSecrets secrets, FakeHandler? handler = null, byte[]? digestKey = null)
    {
        var key = digestKey ?? DigestKey;
        var verifier = new ServiceKeyVerifier(
            secrets,
            online: true,
            handler ?? FakeHandler.Answering(HttpStatusCode.OK),
            new FakeTimeProvider(Keys.Now),
            new FakeKeyStore(),
            key,
            NullLogger<ServiceKeyVerifier>.Instance);
        return new SecretSource(secrets, verifier, key, NullLogger<SecretSource>.Instance);
    }
}
