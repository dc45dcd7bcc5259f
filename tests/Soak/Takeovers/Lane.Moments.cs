using Npgsql;
using Store;

namespace Soak.Takeovers;

/// <summary>How each moment is brought about.</summary>
internal sealed partial class Lane
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private async Task PlayAsync(Moment moment, FencedWrite write, string tag)
    {
        var old = _current;
        if (moment == Moment.FrozenProcess)
        {
            await FrozenAsync();
            return;
        }

        var leader = _leaders.Single(l => l.Name == old.Holder);

        Task<Outcome> Write(LeaseToken token) => FencedWrite.TryAsync(() => write.WriteAsync(leader.Store, token, _user, tag), why => _gaveUpBecause = why);
        var outcome = moment switch
        {
            Moment.Before => await BeforeAsync(() => Write(old)),
            Moment.BlockedOnItsRow => await BlockedAsync(write.LockSql, () => Write(old), cut: null),
            Moment.BetweenStatements => await BlockedAsync(
                "lock table public.user_fly_app_events in exclusive mode",
                () => FencedWrite.TryAsync(() => leader.Store.WriteStatusesAsync(old, [FencedWrite.Status(_user, tag)], default), why => _gaveUpBecause = why),
                cut: null),
            Moment.CutOff => await BlockedAsync(write.LockSql, () => Write(old), cut: leader.Name),
            Moment.BehindTheTakeover => await BehindAsync(() => Write(old)),
            Moment.Racing => await RacingAsync(() => Write(old)),
            Moment.After => await AfterAsync(() => Write(old)),
            _ => await AfterAsync(() => Write(_past.Where(p => p.Holder == leader.Name && p.Epoch < old.Epoch).LastOrDefault(old))),
        };
        Count(moment, outcome, $"{write.Name} of {old.Holder}, epoch {old.Epoch}");
    }

    private void Count(Moment moment, Outcome outcome, string what)
    {
        Tally[(moment, outcome)] = Tally.GetValueOrDefault((moment, outcome)) + 1;
        if (outcome == Outcome.Unavailable && moment != Moment.CutOff)
        {
            GaveUp.Add(_gaveUpBecause); // whether it wrote is for the audit
        }
        else if (!Moments.Allows(moment, outcome))
        {
            Problems.Add($"{Moments.Text(moment)}: {what}: {outcome}");
        }
    }

    private async Task<Outcome> BeforeAsync(Func<Task<Outcome>> write)
    {
        var outcome = await write();
        await ExpireAsync();
        await TakeOverAsync();
        return outcome;
    }

    private async Task<Outcome> AfterAsync(Func<Task<Outcome>> write)
    {
        await ExpireAsync();
        await TakeOverAsync();
        return await write();
    }

    private async Task<Outcome> RacingAsync(Func<Task<Outcome>> write)
    {
        await ExpireAsync();
        var writing = write();
        await TakeOverAsync();
        return await writing;
    }

    /// <summary>A second connection holds what the write needs; with the write stands the lease, so the takeover has to wait for both.</summary>
    private async Task<Outcome> BlockedAsync(string lockSql, Func<Task<Outcome>> write, string? cut)
    {
        await ExpireAsync();
        await using var transaction = await _hand.BeginTransactionAsync();
        await HandAsync(lockSql);
        var writing = write();
        await WaitForWaitersAsync(1, writing);
        var taking = TakeOverAsync();
        await WaitForWaitersAsync(2, writing);
        if (cut is not null)
        {
            await HandAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock' and query not like '%lease as l%'", cut);
        }

        await transaction.RollbackAsync();
        var outcome = await writing;
        await taking;
        return outcome;
    }

    /// <summary>The takeover's own statement, held open before its commit.</summary>
    private async Task<Outcome> BehindAsync(Func<Task<Outcome>> write)
    {
        await ExpireAsync();
        Task<Outcome> writing;
        await using (var transaction = await _hand.BeginTransactionAsync())
        {
            var next = _leaders[_random.Next(_leaders.Count)].Name;
            await HandAsync(
                "update fly_reconciler.lease set holder = $1, epoch = epoch + 1, expires_at = clock_timestamp() + interval '5 minutes' where name = 'reconciler'",
                next);
            writing = write();
            await WaitForWaitersAsync(1, writing);
            await transaction.CommitAsync();
            Granted(new LeaseToken(Lease, next, _current.Epoch + 1));
        }

        return await writing;
    }

    private async Task FrozenAsync()
    {
        await ExpireAsync();
        var token = (await _leaders[0].Leases.TryAcquireAsync(Lease, _frozen.Name, Ttl, default)).Token!;
        Granted(token);
        await _frozen.BeginAsync(token);
        await Task.Delay(_random.Next(12));
        await _frozen.FreezeAsync();
        await ExpireAsync();
        await TakeOverAsync();
        await _frozen.ThawAsync();
        Count(Moment.FrozenProcess, await _frozen.EndAsync(), $"epoch {token.Epoch}");
    }

    private Task ExpireAsync() => HandAsync("update fly_reconciler.lease set expires_at = clock_timestamp() - interval '1 millisecond'");

    /// <summary>All reach for it at once; exactly one may get it.</summary>
    private async Task TakeOverAsync()
    {
        var attempts = await Task.WhenAll(_leaders.OrderBy(_ => _random.Next()).ToList().Select(l => TryAsync(l)));
        var granted = attempts.Where(a => a is not null).ToList();
        if (granted is not [{ } token])
        {
            Problems.Add($"{granted.Count} of {attempts.Length} were granted the lease after epoch {_current.Epoch}");
            token = granted.MaxBy(g => g!.Epoch) ?? throw new InvalidOperationException("nobody was granted the lease");
        }

        Granted(token);
    }

    /// <summary>A connection that was terminated for the moment before may still lie in the pool; its next command tells.</summary>
    private static async Task<LeaseToken?> TryAsync(Leader leader)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return (await leader.Leases.TryAcquireAsync(Lease, leader.Name, Ttl, default)).Token;
            }
            catch (StoreUnavailableException) when (tries < Contenders)
            {
                await Task.Delay(10);
            }
        }
    }

    private void Granted(LeaseToken token)
    {
        if (token.Epoch != _current.Epoch + 1)
        {
            Problems.Add($"epoch {token.Epoch} was granted after {_current.Epoch}");
        }

        _past.Add(_current);
        if (_past.Count > 20)
        {
            _past.RemoveAt(0);
        }

        _current = token;
        Takeovers++;
    }

    /// <summary>The database knows who waits for a lock; asking it beats sleeping.</summary>
    /// <param name="writing">Is expected to be one of them: when it is over, nobody waits any more.</param>
    private async Task WaitForWaitersAsync(int count, Task<Outcome> writing)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < deadline && !writing.IsCompleted)
        {
            await using var command = new NpgsqlCommand(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", _eye);
            if ((long)(await command.ExecuteScalarAsync())! >= count)
            {
                return;
            }

            await Task.Delay(1);
        }

        // A busy machine: the write may have given up at its lock's time limit.
        if (!writing.IsCompleted)
        {
            throw new InvalidOperationException($"fewer than {count} waited for a lock after epoch {_current.Epoch}");
        }
    }
}
