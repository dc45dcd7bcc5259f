using Reconciler.Model;

namespace Reconciler.Explaining;

/// <summary>Every reason in plain words. The runbook's part about reasons is this table; a test keeps the two the same.</summary>
internal static class ReasonGuide
{
    private const string Nothing = "Nothing.";
    private const string Force = "`reconciler force USER` tries at once.";

    /// <summary>For a reason that this version does not know, written by a newer one.</summary>
    private static readonly Advice Unknown = new(
        "A reason that this version of the program does not know.",
        "What the version that wrote it does.",
        "Use the `reconciler` of the version that runs.");

    public static Advice Of(string reason) => All.GetValueOrDefault(reason, Unknown);

    /// <summary>By reason, in the order of <see cref="Reasons"/>.</summary>
    public static IReadOnlyDictionary<string, Advice> All { get; } = new OrderedDictionary<string, Advice>(StringComparer.Ordinal)
    {
        [Reasons.Converged] = new(
            "Everything is as desired: one machine, started, healthy, as wished.",
            "Looks when something changes, and in full at each audit.",
            Nothing,
            "AuditSchedule", "ResyncSchedule"),
        [Reasons.Provisioning] = new(
            "The machine is being made or brought up for the first time.",
            "Takes the plan's steps and looks every two seconds until the machine is healthy.",
            "Nothing; if it takes more than five minutes, look at the user's events for what stops it.",
            "HealthDeadline"),
        [Reasons.WaitingForMachine] = new(
            "Fly is changing the machine's state, or does not show the machine by its id.",
            "Looks every two seconds; after `StuckAfter` the machine counts as stuck and is replaced. One that is not found is looked for every ten seconds, and counts as gone after `CreateLag`.",
            Nothing,
            "StuckAfter",
            "CreateLag"),
        [Reasons.WaitingForHealth] = new(
            "The machine runs, and its check or `/health` does not say yet that it is well.",
            "Looks every two seconds; a change that is not healthy by `HealthDeadline` is rolled back to the last good machine.",
            "If it happens to many users at once, look at the new image before anything else.",
            "HealthDeadline", "HealthCheck__*", "HealthProbe__UrlTemplate"),
        [Reasons.AppMissing] = new(
            "The user's app does not exist at Fly.",
            "Writes an intent, creates the app and records that it is ours.",
            Nothing),
        [Reasons.AppNameTaken] = new(
            "The app's name belongs to somebody else, or looks so at the moment.",
            "Looks again until half a minute of looks agree, ten minutes when we made the app; then moves on to the user's next name, which is paid from the destroy budget when the app is recorded as ours. A name that we released ourselves is waited for up to ten minutes.",
            "Nothing; the app in question is never touched.",
            "NameRelease", "AppNamePrefix", "DestroyBudget"),
        [Reasons.AppAdopted] = new(
            "An app of our organisation that is this user's by evidence (an intent of ours, the machine's own metadata, or the row) was not recorded as ours.",
            "Records it and goes on with what it finds in it.",
            Nothing),
        [Reasons.FormerApp] = new(
            "An app that is recorded as this user's, and that the user's row no longer names, is there: it was given up while Fly denied it, or somebody edited the row.",
            "Deletes it before anything else, because two machines would trade; beyond the destroy budget it stops what runs there, and starts nothing of the user's before it is gone. When it is gone, it releases the record after ten minutes of looks.",
            "Nothing. If the row was edited by mistake, write the app's name back into `fly_app_name`: an app that a row names is nobody's leftover.",
            "DestroyBudget", "NameRelease"),
        [Reasons.OtherOrganisation] = new(
            "Fly refuses us an app that is recorded as ours in another organisation than `FLY_ORG_SLUG` names.",
            "Nothing: neither is the app given up nor another one made, which would run beside it. It looks again every minute.",
            "Put `FLY_ORG_SLUG` and `FLY_API_TOKEN` right; `doctor` says whose token it is. If the app is really gone from there, delete its line from `fly_reconciler.ownership`.",
            "FLY_ORG_SLUG"),
        [Reasons.MachineMissing] = new(
            "The app has no machine: it is `destroyed` by its id, or was not found by it for as long as `CreateLag`.",
            "Creates one without launching it, elects it in the user's row, and then starts it.",
            Nothing),
        [Reasons.MachineStopped] = new(
            "The machine is stopped and should run.",
            "Starts it; a machine that keeps stopping is started later each time.",
            "`fly logs --app APP` says why it stopped."),
        [Reasons.MachineFailed] = new(
            "Fly says that the machine failed to come up.",
            "Replaces it: destroy, confirm gone by id, create.",
            "If it happens again on another host, look at the image and the guest.",
            "DestroyBudget", "DestroyBudgetShare"),
        [Reasons.MachineStuck] = new(
            "The machine has been in a passing state for longer than `StuckAfter`.",
            "Replaces it, unless it is being destroyed already.",
            "`fly machine status` and Fly's status page say whether the platform is in trouble.",
            "StuckAfter", "DestroyBudget"),
        [Reasons.MachineAdopted] = new(
            "The app has a machine that the row does not name.",
            "Takes it over instead of making a second one, and changes only what differs.",
            Nothing),
        [Reasons.DuplicateMachine] = new(
            "The app has more than one machine.",
            "Keeps the elected one (or the one that most likely works) and destroys the others before anything is started.",
            "Find out who made the second one: this controller never does.",
            "DestroyBudget", "DestroyBudgetShare"),
        [Reasons.HostUnreachable] = new(
            "Fly's host of the machine does not answer, so nothing is known about it.",
            "Waits `UnreachableAfter`, then asks for its destruction; a second machine is made only when the first is confirmed gone.",
            "Watch Fly's status page; the user is down until the host answers or Fly gives the machine up.",
            "UnreachableAfter"),
        [Reasons.WrongRegion] = new(
            "The machine is in another region than wished.",
            "Replaces it in the right region, after checking that there is room.",
            Nothing,
            "FLY_DEFAULT_REGION", "user_fly_apps.spec"),
        [Reasons.ConfigDrift] = new(
            "Something that we own in the machine's configuration differs: image, guest, environment or check.",
            "Updates the same machine in place and waits until it is healthy.",
            "`reconciler plan --user USER` shows the fields.",
            "DOCKER_IMAGE", "Tiers__*", "Env__*", "user_fly_apps.spec"),
        [Reasons.MetadataDrift] = new(
            "Only the machine's metadata differs.",
            "Writes it without a restart.",
            Nothing),
        [Reasons.SecretsStale] = new(
            "The machine booted with other secrets than it should have.",
            "Sets the app's secrets and updates the machine.",
            Nothing,
            "SUPABASE_SERVICE_ROLE_KEY and the other machine secrets"),
        [Reasons.SecretsTampered] = new(
            "Somebody else changed or removed app secrets that we set, or they were written again since, so that a machine may have booted with others.",
            "Writes it down and names them in an event, then sets them again and updates the machine.",
            "Find out who has the right to do that.",
            "AuditSchedule"),
        [Reasons.Unhealthy] = new(
            "The machine runs and says that it is not well.",
            "Watches it for `UnhealthyAfter`, then restarts it; one that answers in another run mode or for another user gets its secrets anew and is updated.",
            "`fly logs --app APP`.",
            "UnhealthyAfter"),
        [Reasons.CrashLooping] = new(
            "The machine has been restarted several times and does not stay well.",
            "Tries again after 10 s, doubled up to 5 min; ten good minutes forget it.",
            "`fly logs --app APP`; then a good image, or an override for this user.",
            "CrashReset"),
        [Reasons.RolledBack] = new(
            "A change did not become healthy, so the machine runs what was good before.",
            "Keeps the last good machine; the rejected wish is tried again when it changes or when somebody forces it.",
            "Look at the rejected image or setting, correct it, or force the user.",
            "HealthDeadline"),
        [Reasons.SilentlyRolledBack] = new(
            "Fly accepted a change and did not carry it out.",
            "Tries again after a minute, doubled up to an hour; the machine runs as it was.",
            Force),
        [Reasons.Deprovisioning] = new(
            "The user has no paid tier any more.",
            "Stops the machine at once; the app is removed when the grace is over.",
            "If the user paid: correct `user_subscriptions`; the same machine comes back.",
            "DeprovisionGrace"),
        [Reasons.StoppedInGrace] = new(
            "The user has no paid tier; the machine is stopped and kept for a while.",
            "Removes the app when the grace is over; a user who comes back before gets the same machine.",
            Nothing,
            "DeprovisionGrace"),
        [Reasons.Deprovisioned] = new(
            "The app is gone and recorded as gone; the row and its events stay.",
            "Nothing more; a user who comes back starts afresh in the same row.",
            Nothing),
        [Reasons.Paused] = new(
            "Somebody paused this user.",
            "Looks and reports, and changes nothing until the pause ends.",
            "`select fly_reconciler.unpause('USER')`, or wait for the end of the pause.",
            "user_fly_apps.paused, paused_until"),
        [Reasons.InvalidOverride] = new(
            "The user's override in `user_fly_apps.spec` is not valid.",
            "Leaves the machine as it is until the override is corrected.",
            "Correct what the message names, or set the column to null.",
            "user_fly_apps.spec"),
        [Reasons.ImageUnresolved] = new(
            "The image that should run cannot be found in the registry.",
            "Leaves running machines alone and makes no new one; asks the registry at each poll.",
            "Push the image, or correct `DOCKER_IMAGE`; `reconciler doctor` tells which it is.",
            "DOCKER_IMAGE", "ImagePollInterval"),
        [Reasons.ServiceKeyInvalid] = new(
            "The Supabase service key is refused, or is not a service key.",
            "Rolls it out to nobody; machines keep the key they have, and no new machine is made.",
            "Set the right key with `fly secrets set SUPABASE_SERVICE_ROLE_KEY=…`; `reconciler doctor` checks it.",
            "SUPABASE_SERVICE_ROLE_KEY", "VerifyServiceKeyOnline"),
        [Reasons.DestroyBudget] = new(
            "As many destructions as an hour may have were made.",
            "Waits until the hour has room again, and looks every minute.",
            "If this many are right, wait or raise the budget; if not, pause the users and find the cause.",
            "DestroyBudget", "DestroyBudgetShare"),
        [Reasons.ShrinkTripwire] = new(
            "More users lost their tier at once than is believable.",
            "Stops and destroys nothing until the users come back or somebody says that it is right.",
            "Look at `user_subscriptions`; if the loss is real: `reconciler release-hold --owner WHO --reason WHY`.",
            "ShrinkTripwireShare", "ShrinkTripwireMinimum", "ShrinkWindow"),
        [Reasons.AddressMissing] = new(
            "A public address is wished and missing.",
            "Allocates it.",
            Nothing,
            "PublicIngress"),
        [Reasons.Stale] = new(
            "What the row says was not confirmed for a while.",
            "Looks at the user at the next audit.",
            "If it stays: is a process leading? `reconciler status`.",
            "AuditSchedule"),
        [Reasons.InternalError] = new(
            "The controller's own code failed on this user.",
            "Tries again after 30 s, doubled up to half an hour; other users are not affected.",
            "Report the log line with event id and stack trace; pause the user if it does harm."),
        [Reasons.FlyTransient] = new(
            "Fly did not answer, or answered with an error of its own.",
            "Tries again after 1 s, doubled up to 5 min.",
            "If many users show it: Fly's status page."),
        [Reasons.FlyThrottled] = new(
            "Fly's rate limit was reached.",
            "Waits as long as Fly says, or 2 s, doubled up to 2 min.",
            "If it lasts, look for another program that uses the same token."),
        [Reasons.FlyCapacity] = new(
            "The region has no room for this guest, or a quota is reached.",
            "Tries again after 30 s, doubled up to half an hour; nothing that runs is destroyed before there is room.",
            "Wait, give the user another region or guest in `user_fly_apps.spec`, or ask Fly for a higher quota.",
            "FLY_DEFAULT_REGION", "user_fly_apps.spec"),
        [Reasons.FlyConflict] = new(
            "Somebody else holds the machine's lease or changed it first.",
            "Looks afresh after 1 s, doubled up to 30 s.",
            "If it lasts: who else works on the machine? `fly machine leases view`."),
        [Reasons.FlyNotFound] = new(
            "Fly does not know the app or machine of a call, most often because it is too new.",
            "Looks again after 1 s, doubled up to 5 min.",
            Nothing),
        [Reasons.FlyInvalid] = new(
            "Fly refuses the request as wrong.",
            "Tries again after a minute, doubled up to an hour.",
            "Read the message: an override or a setting asks for what Fly does not offer.",
            "user_fly_apps.spec", "Tiers__*"),
        [Reasons.FlyUnauthorised] = new(
            "Fly refuses our token.",
            "Tries again after 30 s, doubled up to 5 min; users' machines run on.",
            "`fly tokens create org`, then `fly secrets set FLY_API_TOKEN=…`; `reconciler doctor` checks it.",
            "FLY_API_TOKEN"),
        [Reasons.OutcomeUnknown] = new(
            "A call was sent and no answer came, so it may have happened or not.",
            "Looks for its outcome after 1 s, doubled up to 30 s, and repeats it only when it is known not to have happened.",
            Nothing),
        [Reasons.StoreUnavailable] = new(
            "The database does not answer.",
            "Tries again; without it nothing is changed at Fly.",
            "Look at Supabase; `reconciler doctor`.",
            "DATABASE_URL"),
    };
}
