using Store.Tests.Contract;

namespace Store.Tests.Differential;

/// <summary>Draws steps from a seed. Few users and few names, so that they get in each other's way.</summary>
internal sealed class Steps
{
    private static readonly string[] Tiers = ["free", "pro", "pro", "elite"];
    private static readonly string[] Statuses = ["active", "active", "past_due", "cancelled"];
    private static readonly string[] AppStatuses = ["provisioning", "active", "error", "deprovisioning", "deleted", "asleep"];
    private static readonly string?[] Machines = [null, null, "m1", "m2"];
    private static readonly string[] Documents =
        ["{}", "[]", """{"a":1}""", """{"a":1.0}""", """{"a":1.00}""", """{"bb":[1e1,null,"\u00e9"],"a":{}}""", "nonsense"];

    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private readonly Random _random;
    private readonly string[] _names;

    public Steps(int seed)
    {
        _random = new Random(seed);
        Users = [.. Enumerable.Range(0, 6).Select(_ =>
        {
            var bytes = new byte[16];
            _random.NextBytes(bytes);
            return new Guid(bytes);
        })];
        _names = ["x1", "x2", .. Users.SelectMany(static id => new[] { 0, 0, 1 }.Select(k => AppNames.Candidate("vyx-user-", id, k)))];
    }

    public IReadOnlyList<Guid> Users { get; }

    public Step Next() => _random.Next(100) switch
    {
        < 8 => CreateUser(),
        < 16 => Tier(),
        < 19 => Status(),
        < 23 => Expiry(),
        < 25 => Moved(),
        < 27 => Said($"delete the subscription of {Pick(Users, out var user)}", side => side.World.DeleteSubscriptionAsync(user)),
        < 29 => Said($"delete the account of {Pick(Users, out var user)}", side => side.World.DeleteUserAsync(user)),
        < 31 => Said($"trigger on: {Pick([true, true, false], out var on)}", side => side.World.EnableTriggerAsync(on)),
        < 34 => Plant(),
        < 37 => Said(
            $"spec of {Pick(Users, out var user)} = {Pick([null, .. Documents], out var spec)}", side => side.World.SetSpecAsync(user, spec)),
        < 40 => Pause(),
        < 42 => Answered($"force {Pick(Users, out var user)}", async side => $"{await side.World.ForceAsync(user)}"),
        < 46 => Edit(),
        46 => Said("lose the subscriptions", static side => side.World.LoseSubscriptionsAsync()),
        < 50 => Passing(),
        < 57 => LeaseStep(),
        < 60 => Leading("synchronise", static async (side, token) => Described.Ids(await side.Store.SyncTiersAsync(token, default))),
        60 => Defaults(),
        < 63 => Rename(),
        < 67 => Own(),
        < 69 => Leading($"release {Pick(_names, out var name)}", async (side, token) =>
        {
            await side.Store.ReleaseOwnershipAsync(token, name, default);
            return "";
        }),
        < 73 => Elect(),
        < 77 => Intent(),
        < 90 => WriteStatuses(),
        < 93 => Fleet(),
        < 96 => Draw(),
        < 98 => Find(),
        _ => Look(),
    };

    private Step CreateUser()
    {
        var (user, tier, status, expiry) = (Pick(Users), Pick(Tiers), Pick(Statuses), Later());
        return Said($"create {user} {tier} {status} until {expiry}", async side =>
            await side.World.CreateUserAsync(tier, status, await AfterAsync(side, expiry), user));
    }

    private Step Tier()
    {
        var (user, tier) = (Pick(Users), Pick(Tiers));
        return Said($"tier of {user} = {tier}", side => side.World.SetTierAsync(user, tier));
    }

    private Step Status()
    {
        var (user, status) = (Pick(Users), Pick(Statuses));
        return Said($"subscription of {user} = {status}", side => side.World.SetStatusAsync(user, status));
    }

    private Step Expiry()
    {
        var (user, expiry) = (Pick(Users), Later());
        return Said($"expiry of {user} = {expiry}", async side => await side.World.SetExpiryAsync(user, await AfterAsync(side, expiry)));
    }

    private Step Moved()
    {
        Guid? to = _random.Next(3) == 0 ? null : Pick(Users);
        var from = Pick(Users);
        return Said($"move the subscription of {from} to {to}", side => side.World.MoveSubscriptionAsync(from, to));
    }

    private Step Plant()
    {
        var (user, name, status, inherited) = (Pick(Users), Pick(_names), Pick(AppStatuses), _random.Next(2) == 0);
        DateTime? deleted = _random.Next(4) == 0 ? Noon : null;
        return Said($"plant {name} of {user} {status} deleted {deleted} inherited {inherited}", side =>
            side.World.PlantRowAsync(user, name, status, deleted, inherited));
    }

    private Step Pause()
    {
        var (user, until) = (Pick(Users), Later());
        return _random.Next(3) == 0
            ? Answered($"unpause {user}", async side => $"{await side.World.UnpauseAsync(user)}")
            : Answered($"pause {user} until {until}", async side =>
                $"{await side.World.PauseAsync(user, "me", "why", await AfterAsync(side, until))}");
    }

    private Step Edit()
    {
        var user = Pick(Users);
        var later = Later();
        var (column, value) = _random.Next(9) switch
        {
            0 => ("status", (object?)Pick(AppStatuses)),
            1 => ("health_status", Pick(["healthy", "unknown", null, "odd"])),
            2 => ("deleted_at", _random.Next(2) == 0 ? null : Noon),
            3 => ("machine_id", Pick(Machines)),
            4 => ("fly_app_name", Pick(_names)),
            5 => ("tier", Pick(Tiers)),
            6 => ("generation", (long)_random.Next(8)),
            7 => ("retry_count", _random.Next(2) == 0 ? null : _random.Next(3)),
            _ => ("next_attempt_at", later),
        };
        return Said($"edit {column} of {user} = {value}", async side =>
            await side.World.EditRowAsync(user, column, value is TimeSpan span ? await AfterAsync(side, span) : value));
    }

    private Step Passing()
    {
        var span = TimeSpan.FromMinutes(10 * Pick([1, 1, 2, 6]));
        return Said($"pass {span}", side => side.PassAsync(span));
    }

    private Step LeaseStep()
    {
        var (holder, ttl, which) = (Pick(["one", "one", "one", "two"]), TimeSpan.FromMinutes(5 + (10 * _random.Next(4))), _random.Next(10));
        return which switch
        {
            < 7 => Answered($"acquire for {holder} for {ttl}", async side =>
            {
                var attempt = await side.World.Leases.TryAcquireAsync("diff", holder, ttl, default);
                if (attempt.Token is { } token)
                    side.Tokens.Add(token);
                return $"{attempt.Token} {attempt.HeldBy} {Math.Ceiling(attempt.RemainingTtl.TotalMinutes / 10)}";
            }),
            < 9 => Leading("renew", async (side, token) => $"{await side.World.Leases.RenewAsync(token, ttl, default)}"),
            _ => Leading("release the lease", static async (side, token) =>
            {
                var row = await side.World.Leases.ReadAsync(token.LeaseName, default);
                if (row is not null && row.Holder == token.Holder && row.Epoch == token.Epoch)
                    side.Everythings++;
                await side.World.Leases.ReleaseAsync(token, default);
                return "";
            }),
        };
    }

    private Step Defaults()
    {
        var defaults = World.Defaults with { Region = Pick(["sin", "ams"]), OrgSlug = Pick(["vyx", "other"]) };
        return Leading($"defaults {defaults}", async (side, token) =>
        {
            await side.Store.WriteDefaultsAsync(token, defaults, default);
            return "";
        });
    }

    private Step Rename()
    {
        var (user, name, right) = (Pick(Users), Pick(_names), _random.Next(4) > 0);
        return Leading($"rename the app of {user} to {name}", async (side, token) =>
        {
            var old = right ? (await side.Store.ReadUserAsync(user, default))?.AppName ?? "none" : "none";
            return $"{await side.Store.RenameAppAsync(token, user, old, name, default)}";
        });
    }

    private Step Own()
    {
        var (user, other, origin) = (Pick(Users), _random.Next(3) == 0 ? Pick(_names) : null, Pick([OwnershipOrigin.Created, OwnershipOrigin.Adopted]));
        return Leading($"own {other ?? "the app"} of {user} {origin}", async (side, token) =>
        {
            var name = other ?? (await side.Store.ReadUserAsync(user, default))?.AppName ?? "x1";
            await side.Store.RecordOwnershipAsync(token, name, user, "vyx", origin, default);
            return "";
        });
    }

    private Step Elect()
    {
        var (user, expected, elected, other) = (Pick(Users), Pick(Machines), Pick(Machines), _random.Next(4) == 0 ? Pick(_names) : null);
        return Leading($"elect {elected} after {expected} in {other ?? "the app"} of {user}", async (side, token) =>
        {
            var name = other ?? (await side.Store.ReadUserAsync(user, default))?.AppName ?? "x1";
            return $"{await side.Store.ElectMachineAsync(token, user, name, expected, elected, default)}";
        });
    }

    private Step Intent()
    {
        var launchId = $"launch-{_random.Next(5)}";
        if (_random.Next(2) == 0)
        {
            return Leading($"close {launchId}", async (side, token) =>
            {
                await side.Store.CloseIntentAsync(token, launchId, default);
                return "";
            });
        }
        var intent = new CreateIntent(
            launchId, Pick(["app", "machine"]), Pick(_names), Pick(Users), Pick(Machines));
        return Leading($"open {intent}", async (side, token) =>
        {
            await side.Store.OpenIntentAsync(token, intent, default);
            return "";
        });
    }

    private Step WriteStatuses()
    {
        var users = Users.OrderBy(_ => _random.Next()).Take(_random.Next(1, 4)).ToList();
        var changes = users.Select(_ => Change()).ToList();
        var fresh = _random.Next(3) > 0;
        return Leading($"write statuses of {string.Join(", ", users)} from {(fresh ? "fresh" : "older")} looks", async (side, token) =>
        {
            var writes = new List<StatusWrite>();
            for (var i = 0; i < users.Count; i++)
            {
                if (fresh && await side.Store.ReadUserAsync(users[i], default) is { } read)
                    side.Looks[users[i]] = read;
                if (side.Looks.TryGetValue(users[i], out var look))
                    writes.Add(await changes[i](side, Writes.Of(look)));
            }
            return Described.Ids(await side.Store.WriteStatusesAsync(token, writes, default));
        });
    }

    private Func<Side, StatusWrite, Task<StatusWrite>> Change()
    {
        var (status, document, later, bury) = (Pick(AppStatuses[..5]), Pick(Documents[..6]), Later(), _random.Next(4) == 0);
        var (what, cost, type) = (_random.Next(8), Pick([5.005m, 5.004m, 5.00m, 7m]), Pick(["provision_started", "provision_started", "odd"]));
        var events = Enumerable.Range(0, _random.Next(3)).Select(_ => Writes.Event("error_occurred")).ToList();
        var state = Pick(Documents);
        return async (side, write) => what switch
        {
            0 => write with { Status = status, Events = events, DeletedAt = bury ? Noon : null },
            1 => write with { Conditions = document, Events = events },
            2 => write with { NextAttemptAt = await AfterAsync(side, later), LastErrorClass = "x", RetryCount = write.RetryCount + 1 },
            3 => write with { MonthlyCostUsd = cost, DeployedAt = Noon.AddTicks(cost > 5 ? 13 : 10) },
            4 => write with { Events = [Writes.Event(type)], Status = "asleep" == status ? "odd" : status },
            5 => write with { ControllerState = state, Fingerprint = write.Fingerprint + 1 },
            6 => write with { Status = bury ? "odd" : "active", HealthStatus = "healthy", DeletedAt = bury ? Noon.AddDays(1) : write.DeletedAt },
            _ => write with { ErrorMessage = "nul\0" },
        };
    }

    private Step Fleet()
    {
        var (key, json, write) = (Pick(["k1", "k2", "destroy-budget"]), Pick(Documents), _random.Next(2) == 0);
        return write
            ? Leading($"write {key} = {json}", async (side, token) =>
            {
                await side.Store.WriteFleetStateAsync(token, key, json, default);
                return $"{await side.Store.ReadFleetStateAsync(key, default)}";
            })
            : Answered($"get or create {key} = {json}", async side => await side.Store.GetOrCreateFleetStateAsync(key, json, default));
    }

    private Step Draw()
    {
        var (subject, limit) = ($"m{_random.Next(6)}", _random.Next(4));
        return Leading($"draw for {subject} of {limit}", async (side, token) =>
        {
            var draw = await side.Store.TryDrawDestroyAsync(token, subject, limit, default);
            return $"{draw.Granted} {draw.Used} {side.Time(draw.NextFreeAt)}";
        });
    }

    private Step Find()
    {
        string[] asked = [Pick(_names), Pick(_names), Pick(Users).ToString("N"), Pick(Users).ToString(), "unknown"];
        return Answered($"find {string.Join(", ", asked)}", async side => string.Join(
            ", ", (await side.Store.FindUsersAsync(asked, default)).OrderBy(static pair => pair.Key, StringComparer.Ordinal)));
    }

    private Step Look()
    {
        var user = Pick(Users);
        return Answered($"look at {user}", async side =>
        {
            var read = await side.Store.ReadUserAsync(user, default);
            if (read is not null)
                side.Looks[user] = read;
            return Described.User(side, read);
        });
    }

    private static async Task<DateTime?> AfterAsync(Side side, TimeSpan? span) => span is null ? null : await side.World.NowAsync() + span;

    /// <summary>Under the newest token, or rarely an older one.</summary>
    private Step Leading(string text, Func<Side, LeaseToken, Task<string>> run)
    {
        var back = _random.Next(8) == 0 ? 2 : 1;
        return Answered(text, side => run(side, side.Tokens[Math.Max(0, side.Tokens.Count - back)]));
    }

    private TimeSpan? Later() => _random.Next(3) == 0 ? null : TimeSpan.FromMinutes(5 + (10 * _random.Next(-2, 5)));

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private T Pick<T>(IReadOnlyList<T> from, out T picked) => picked = Pick(from);

    private static Step Said(string text, Func<Side, Task> run) => new(text, async side =>
    {
        await run(side);
        return "";
    });

    private static Step Answered(string text, Func<Side, Task<string>> run) => new(text, run);
}
