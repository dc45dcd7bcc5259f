namespace TestKit;

/// <summary>Does to the host's tables what the host application does.</summary>
public sealed class VyxData(TestDatabase database)
{
    /// <summary>Signs a user up: the account, the profile and a subscription row of the tier.</summary>
    public async Task<Guid> CreateUserAsync(string tier = "free", string status = "active", DateTime? expiresAt = null, Guid? id = null)
    {
        var userId = id ?? Guid.NewGuid();
        await CreateAccountAsync(userId);
        await database.ExecuteAsync(
            "insert into public.user_subscriptions (user_id, tier, status, expires_at) values ($1, $2, $3, $4)",
            userId, tier, status, (object?)expiresAt ?? DBNull.Value);
        return userId;
    }

    /// <summary>An account and profile without a subscription row.</summary>
    public async Task CreateAccountAsync(Guid userId)
    {
        await database.ExecuteAsync("insert into auth.users (id, email) values ($1, $2)", userId, $"{userId:N}@example.com");
        await database.ExecuteAsync(
            "insert into public.user_profiles (id, email, display_name) values ($1, $2, $3)",
            userId, $"{userId:N}@example.com", "A trader");
    }

    public Task SetTierAsync(Guid userId, string tier) =>
        database.ExecuteAsync("update public.user_subscriptions set tier = $2, updated_at = now() where user_id = $1", userId, tier);

    public Task SetStatusAsync(Guid userId, string status) =>
        database.ExecuteAsync("update public.user_subscriptions set status = $2, updated_at = now() where user_id = $1", userId, status);

    public Task SetExpiryAsync(Guid userId, DateTime? expiresAt) =>
        database.ExecuteAsync(
            "update public.user_subscriptions set expires_at = $2 where user_id = $1", userId, (object?)expiresAt ?? DBNull.Value);

    /// <summary>Deletes the account: every row of the host's that names the user goes with it.</summary>
    public Task DeleteUserAsync(Guid userId) => database.ExecuteAsync("delete from auth.users where id = $1", userId);

    /// <summary>A row as the old provisioning function left it. Returns the row's id.</summary>
    public async Task<Guid> CreateAppRowAsync(Guid userId, string appName, string status = "active", DateTime? deletedAt = null) =>
        await database.ScalarAsync<Guid>(
            """
            insert into public.user_fly_apps
                   (user_id, fly_app_name, fly_org_slug, status, region, docker_image, cpu_count, memory_mb, deleted_at)
            values ($1, $2, 'vyx', $3, 'sjc', 'registry.fly.io/vyx-app:deployment-01', 4, 1024, $4) returning id
            """,
            userId, appName, status, (object?)deletedAt ?? DBNull.Value);

    /// <summary>Replaces the profile policy that reads its own table, so that plain users can read anything at all.</summary>
    public Task RepairProfilePoliciesAsync() => database.ExecuteAsync("""drop policy "admins see profiles" on public.user_profiles""");
}
