using Reconciler.Model;
using Reconciler.Reporting;
using Reconciler.Rollouts;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Rollouts;

/// <summary>
/// A user whose machine and row are two things: the machine boots, falls and comes up by itself, and the row says what the worker saw when
/// it last looked, which is now and then.
/// </summary>
internal sealed class RestlessUser(Guid id, string runs)
{
    private static readonly TimeSpan Boot = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan CrashIsSeen = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan NeverIsSeen = TimeSpan.FromMinutes(2);

    private string _machine = runs;
    private string? _good = runs;
    private DateTimeOffset _bootedAt;
    private DateTimeOffset _fallenUntil;
    private (string Revision, DateTimeOffset At, bool SeenUp)? _pending;
    private (string Revision, DateTimeOffset At)? _rejected;
    private string _status = "active";
    private string _health = "healthy";
    private string? _machineId = "m";
    private string? _runs = runs;
    private string? _target = runs;
    private string? _error;
    private string? _trouble;
    private bool _converged = true;

    public Guid Id => id;
    public bool Entitled { get; set; } = true;
    public bool Paused { get; set; }
    public RolloutMark? Mark { get; set; }
    public DateTimeOffset? SeenGoodAt { get; set; }

    /// <summary>When the row was last written.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When the worker looks next; null = when told to.</summary>
    public DateTimeOffset? LookAt { get; set; }

    /// <summary>What keeps the worker from changing or mending the machine, and until when.</summary>
    public (bool IsGuard, DateTimeOffset Until) Hindrance { get; set; }

    public bool RowIsUp => _status == "active" && _health == "healthy";
    public string? Target => _target;

    public void Fall(DateTimeOffset until) => _fallenUntil = until > _fallenUntil ? until : _fallenUntil;

    /// <summary>An operator's word that a rejected revision may be tried again.</summary>
    public void Force() => _rejected = null;

    /// <summary>The worker's look.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="stable">The revision of whoever has no mark.</param>
    /// <param name="fate">How a machine takes a revision.</param>
    public void Look(DateTimeOffset now, string stable, Func<Guid, string, Fate> fate)
    {
        LookAt = null;
        UpdatedAt = now;
        (_error, _trouble, _converged) = (null, null, false);
        if (!Entitled)
        {
            (_status, _health, _machineId, _pending, _rejected, SeenGoodAt) = ("deleted", "unknown", null, null, null, null);
            return;
        }

        _target = Mark?.Revision ?? stable;
        if (_rejected is { } rejected && rejected.Revision != _target)
        {
            _rejected = null; // another wish deserves its own try
        }

        if (Paused)
        {
            _health = IsUp(now) ? "healthy" : "unknown";
            return;
        }

        if (_pending is { } pending && pending.Revision == _machine && pending.Revision == _target)
        {
            Follow(now, pending, fate);
        }
        else if (_machineId is null || (_machine != _target && _rejected is null))
        {
            Change(now, _target, fate);
        }
        else
        {
            _pending = null;
            SeeWhetherItRuns(now);
        }

        LookAt ??= _converged && IsUp(now) ? null : now + TimeSpan.FromSeconds(3);
    }

    public UserFacts Facts() => new(
        new RolloutUser
        {
            UserId = id,
            AppName = $"vyx-user-{id.ToString()[..8]}",
            Tier = "pro",
            Entitled = Entitled,
            Paused = Paused,
            OwnImage = false,
            Status = _status,
            HealthStatus = _health,
            MachineId = _machineId,
            Converged = _converged,
            Runs = _runs,
            Target = _target,
            LastErrorClass = _error,
            Conditions = null,
            ControllerState = null,
            Mark = Mark,
        },
        AppMemory.Empty with
        {
            Pending = _pending is { } p ? new PendingChange("update", "m", "v2", "v1", SnapshotBuilder.Spec, p.At) : null,
            Rejected = _rejected is { } r ? new RejectedSpec(r.Revision, "RolledBack: its program exited", r.At, 1, Final: true) : null,
        },
        _trouble);

    public override string ToString() =>
        $"{id.ToString()[..8]} runs {_machine} row {_status}/{_health} converged {_converged} target {_target} pending {_pending} rejected {_rejected} "
        + $"mark {Mark?.Revision} {Mark?.Verdict} down {Mark?.WasDown} {Mark?.Why}";

    private bool IsUp(DateTimeOffset now) => _machineId is not null && now >= _bootedAt && now >= _fallenUntil;

    private void Change(DateTimeOffset now, string revision, Func<Guid, string, Fate> fate)
    {
        if (now < Hindrance.Until)
        {
            (_status, _health) = IsUp(now) && _status == "active" ? ("active", "healthy") : ("error", IsUp(now) ? "healthy" : "unknown");
            _error = Hindrance.IsGuard ? null : "Capacity";
            _trouble = Hindrance.IsGuard ? Reasons.DestroyBudget : null;
            SeenGoodAt = null;
            LookAt = now + TimeSpan.FromSeconds(20);
            return;
        }

        _status = _status switch { "active" when _machineId is not null => "active", "error" => "error", _ => "provisioning" };
        (_health, _machineId, _machine, SeenGoodAt) = ("unknown", "m", revision, null);
        _pending = (revision, now, false);
        _bootedAt = fate(id, revision) == Fate.Good ? now + Boot : DateTimeOffset.MaxValue;
    }

    private void Follow(DateTimeOffset now, (string Revision, DateTimeOffset At, bool SeenUp) pending, Func<Guid, string, Fate> fate)
    {
        if (IsUp(now))
        {
            if (pending.SeenUp)
            {
                _pending = null;
                Settle(now);
            }
            else
            {
                (_pending, _health) = (pending with { SeenUp = true }, "healthy");
            }

            return;
        }

        _health = "unknown";
        if (now - pending.At <= (fate(id, pending.Revision) == Fate.Crashes ? CrashIsSeen : NeverIsSeen))
        {
            return;
        }

        if (_good is { } good && good != pending.Revision)
        {
            (_pending, _rejected, _status, _machine) = (null, (pending.Revision, now), "error", good);
            _bootedAt = fate(id, good) == Fate.Good ? now + Boot : DateTimeOffset.MaxValue;
        }
        else if (fate(id, pending.Revision) == Fate.Good)
        {
            _bootedAt = now + Boot; // started once more
            _pending = pending with { At = now };
        }
        else
        {
            _status = "error";
        }
    }

    private void SeeWhetherItRuns(DateTimeOffset now)
    {
        if (IsUp(now))
        {
            Settle(now);
            return;
        }

        (_health, SeenGoodAt) = ("unknown", null);
        _status = _status == "active" && now < _fallenUntil ? "active" : "error";
        if (_bootedAt == DateTimeOffset.MaxValue)
        {
            _bootedAt = now + Boot; // started once more
        }
    }

    private void Settle(DateTimeOffset now)
    {
        (_status, _health, _converged) = ("active", "healthy", true);
        if (_rejected is null)
        {
            (_runs, _good, SeenGoodAt) = (_machine, _machine, now);
        }
    }
}
