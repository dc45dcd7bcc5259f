using CsCheck;

namespace Store.Tests;

public sealed class AppNamesTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Theory]
    [InlineData("63eea370-27a1-4099-866a-e3ed340b278d", 0, "vyx-user-35682909")]
    public void A_known_user_has_the_name_that_production_gave(string userId, int candidate, string expected) =>
        Assert.Equal(expected, AppNames.Candidate("vyx-user-", Guid.Parse(userId), candidate));

    [Fact]
    public void Later_candidates_begin_with_the_first_and_differ()
    {
        var userId = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");
        var names = Enumerable.Range(0, 16).Select(k => AppNames.Candidate("vyx-user-", userId, k)).ToList();

        Assert.All(names, static name => Assert.StartsWith("vyx-user-35682909", name, StringComparison.Ordinal));
        Assert.Equal(16, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_hash_without_a_positive_twin_is_80000000() =>
        // 2^31 = -2^31 after wrapping: found by search, "polygenelubricants" is the classic.
        Assert.Equal("80000000", AppNames.Hash8("polygenelubricants"));

    [Fact]
    public void The_name_is_always_prefix_and_eight_hex_digits() =>
        Gen.Guid.Sample(userId => Assert.Matches("^p-[0-9a-f]{8}$", AppNames.Candidate("p-", userId, 0)));

    [Fact]
    public async Task The_database_gives_the_same_series()
    {
        var userIds = Gen.Guid.Array[500].Single();
        await using var connection = await fixture.Database.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("""
            select u, k, fly_reconciler.app_name(u, k) from unnest($1) u cross join generate_series(0, 3) k
            union all
            select null, null, fly_reconciler.hash8('polygenelubricants')
            """, connection);
        command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid[]> { TypedValue = userIds });
        await using var reader = await command.ExecuteReaderAsync();
        var compared = 0;
        while (await reader.ReadAsync())
        {
            var expected = await reader.IsDBNullAsync(0)
                ? "80000000"
                : AppNames.Candidate("vyx-user-", reader.GetGuid(0), reader.GetInt32(1));
            Assert.Equal(expected, reader.GetString(2));
            compared++;
        }
        Assert.Equal(2001, compared);
    }
}
