namespace Simulation.Mutants;

/// <summary>The named sabotages of the product. Each breaks one thing that a promise rests on.</summary>
internal static class AllMutants
{
    private const string Applying = "src/Reconciler/Applying/";
    private const string Planning = "src/Reconciler/Planning/";
    private const string Rules = Planning + "Rules/";
    private const string Observing = "src/Reconciler/Observing/";
    private const string Hosting = "src/Reconciler/Hosting/";
    private const string Reporting = "src/Reconciler/Reporting/";
    private const string Rollouts = "src/Reconciler/Rollouts/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        // ---- P1: at most one machine ----
        new("create launches at once, without waiting to be elected", Applying + "MachineSteps.cs",
            "SkipLaunch = true,", "SkipLaunch = false,", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("start any machine, elected or not", Applying + "MachineSteps.cs",
            "if (machine != context.ElectedMachineId)", "if (machine.Length == 0)", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("start before elected", Rules + "MissingMachineRule.cs",
            """
                    new Step.ElectMachine(draft.App, null, null, reason),
                    new Step.StartMachine(draft.App, null, draft.Spec!, reason),
            """,
            """
                    new Step.StartMachine(draft.App, null, draft.Spec!, reason),
                    new Step.ElectMachine(draft.App, null, null, reason),
            """, Suite.ReconcilerTests),
        new("the successor is made before the old machine is confirmed gone", Rules + "ReplaceRule.cs",
            "                new Step.ConfirmGone(draft.App, machine.Id, reason),\n", "", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("stop instead of destroy on a replacement", Rules + "ReplaceRule.cs",
            "new Step.DestroyMachine(draft.App, machine.Id, reason),", "new Step.StopMachine(draft.App, machine.Id, reason),", Suite.ReconcilerTests, Suite.Sweep),
        new("the old election stays during a replacement", Rules + "ReplaceRule.cs",
            "                new Step.UnelectMachine(draft.App, machine.Id, reason),\n", "", Suite.ReconcilerTests, Suite.Sweep),
        new("absent from the list is gone", Observing + "AppObserver.cs",
            "gone = !fresh;\n            }", "gone = !fresh;\n            }\n            gone = true;", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("duplicates are left alone", Rules + "DuplicateRule.cs",
            "if (live.Count == 0)", "if (live.Count != 1)", Suite.ReconcilerTests, Suite.Sweep),
        new("a machine starts while another is on its way out", Planning + "Planner.cs",
            "DuplicateRule.IsLeaving(draft) && plan", "draft.Prefix.Count > 99 && plan", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("the machine's name is not fixed", Applying + "MachineSteps.cs",
            "Name = step.MachineName,", "Name = step.MachineName + launchId[..6],", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),

        // ---- P6: no duplicate creation ----
        new("the intent of a machine is forgotten", Applying + "MachineSteps.cs",
            "await store.OpenIntentAsync(lease, intent, cancellationToken);", "await Task.CompletedTask;", Suite.ReconcilerTests, Suite.Sweep),
        new("the intent of an app is forgotten", Applying + "AppSteps.cs",
            "await store.OpenIntentAsync(lease, intent, cancellationToken);", "await Task.CompletedTask;", Suite.ReconcilerTests, Suite.Sweep),
        new("a machine found under its name is not taken over", Applying + "MachineSteps.cs",
            "exception is { Detail: FlyErrorDetail.MachineNameTaken, ExistingMachineId: { } existing }",
            "exception is { Detail: FlyErrorDetail.MachineNameTaken, ExistingMachineId: { Length: > 999 } existing }", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("intents are closed although the outcome is unknown", Applying + "AppSteps.cs",
            "when (exception.Class != FlyErrorClass.AmbiguousOutcome && earlier is null)", "when (earlier is null)", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("intents are never closed", Applying + "AppSteps.cs",
            "foreach (var intent in context.Snapshot.User.Intents.Where(i => kind is null || i.Kind == kind))",
            "foreach (var intent in context.Snapshot.User.Intents.Where(i => i.Kind == \"none\"))", Suite.ReconcilerTests, Suite.Sweep),
        new("creates are resent blindly", "src/FlyApi/FlyApiClient.Machines.cs", "/machines\",\n                Repeatable = false,", "/machines\",\n                Repeatable = true,", Suite.FlyApiTests),

        // ---- P3: only our own ----
        new("a look-alike name is ownership", Observing + "OwnershipEvidence.cs",
            "return claims.Count > 0", "return true || claims.Count > 0", Suite.ReconcilerTests, Suite.Sweep),
        new("another organisation's app is ours", Observing + "AppObserver.cs",
            "=> found.App.OrgSlug == policy.OrgSlug;", "=> true;", Suite.ReconcilerTests, Suite.Sweep),
        new("ownership is never released", Applying + "AppSteps.cs",
            "await store.ReleaseOwnershipAsync(context.Leadership.Token, step.App, cancellationToken);", "", Suite.ReconcilerTests, Suite.Sweep),
        new("ownership is not recorded", Applying + "AppSteps.cs",
            "await store.RecordOwnershipAsync(lease, step.App, context.UserId, step.OrgSlug, OwnershipOrigin.Created, cancellationToken);", "", Suite.ReconcilerTests, Suite.Sweep),

        // ---- P4: the blast radius ----
        new("destroys cost nothing", Applying + "DestroySteps.cs",
            "return draw.Granted\n", "return draw.Used >= 0\n", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("the wish is not read again before an app is deleted", Applying + "DestroySteps.cs",
            "var stands = now is not null", "var stands = true || now is not null", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("the tripwire never holds", "src/Reconciler/Guarding/ShrinkTripwire.cs",
            "if (lost > allowed)", "if (lost > 1_000_000)", Suite.ReconcilerTests),
        new("a hold does not stop a deprovisioning", Rules + "DeprovisionRule.cs",
            "if (draft.Snapshot.Guards.Hold is { } hold)", "if (draft.Snapshot.Guards.Hold is { Length: > 9999 } hold)", Suite.ReconcilerTests),
        new("regions that did not answer are ignored", Observing + "FleetView.cs",
            "IsComplete = errorRegions.Count == 0;", "IsComplete = true;", Suite.ReconcilerTests),
        new("no grace", Observing + "DesiredBuilder.cs",
            "return now >= destroyAfter ? Phase.Absent : Phase.Stop;", "return Phase.Absent;", Suite.ReconcilerTests, Suite.Sweep) { Tests = ["DeprovisionRuleTests", "AppRuleTests", "FleetTroubleTests"] },

        // ---- P5: one writer ----
        new("leadership never ends", "src/Reconciler/Leading/Leadership.cs",
            "public bool CanAct => Remaining > Margin;", "public bool CanAct => ttl > TimeSpan.Zero;", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("the lease counts from the answer", "src/Reconciler/Leading/LeaderElector.cs",
            "leadership.Renewed(sent);", "leadership.Renewed(time.GetTimestamp());", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("a lost lease does not end the term", "src/Reconciler/Leading/LeaderElector.cs",
            "HostLog.LeadershipLost(logger, leadership.Token.Epoch, \"another process took the lease\");\n                        await lost.CancelAsync();",
            "HostLog.LeadershipLost(logger, leadership.Token.Epoch, \"another process took the lease\");", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("the lease is not given back", "src/Reconciler/Leading/LeaderElector.cs",
            "await leases.ReleaseAsync(leadership.Token, limit.Token);", "await Task.CompletedTask;", Suite.ReconcilerTests, Suite.Sweep),
        new("the database does not compare the epoch", "src/Store/Migrations/0008_fencing.sql", "where l.name = p_name and l.holder = p_holder and l.epoch = p_epoch", "where l.name = p_name", Suite.StoreTests),
        new("an election is no compare-and-set", "src/Store/Postgres/PostgresStore.Ownership.cs",
            "where user_id = @userId and fly_app_name = @appName and machine_id is not distinct from @expected::text",
            "where user_id = @userId and fly_app_name = @appName and (machine_id is not distinct from @expected::text or true)", Suite.StoreTests),

        // ---- P2: converges ----
        new("what NOTIFY should have told is never read", Hosting + "TermFeeds.cs",
            "foreach (var pending in await store.ReadPendingAsync(cancellationToken))", "foreach (var pending in (await store.ReadPendingAsync(cancellationToken)).Take(0))", Suite.Load, Suite.Sweep, Suite.Seeds),
        new("tiers are not repaired", Hosting + "TermFeeds.cs",
            "var touched = await store.SyncTiersAsync(leadership.Token, cancellationToken);", "IReadOnlyList<Guid> touched = await Task.FromResult<IReadOnlyList<Guid>>([]);", Suite.Sweep, Suite.Seeds),
        new("the generation is said to be observed whatever was seen", Reporting + "StatusBuilder.cs",
            "ObservedGeneration = user.Generation,", "ObservedGeneration = user.Generation + 1,", Suite.ReconcilerTests, Suite.Sweep),
        new("nothing is rolled back", Planning + "ChangeAssessor.cs",
            "var canReturn = pending.Kind == \"update\"", "var canReturn = pending.Kind == \"never\"", Suite.ReconcilerTests, Suite.Sweep),
        new("a silent rollback goes unnoticed", Planning + "ChangeAssessor.cs",
            ": isLag ? memory : NotTaken(snapshot, memory, pending, \"went back to the version before\", notes);", ": memory;", Suite.ReconcilerTests, Suite.Sweep),
        new("secrets are not set", Rules + "PrerequisiteRule.cs",
            "if (draft.Memory.Secrets?.SetDigest == spec.SecretsDigest && draft.Prefix.All(s => s is not Step.CreateApp))", "if (spec.SecretsDigest.Length > 0)", Suite.ReconcilerTests, Suite.Sweep),
        new("tampered secrets go unnoticed", Planning + "Assessor.cs",
            "if (tampered.Count == 0)", "if (tampered.Count >= 0)", Suite.ReconcilerTests, Suite.Sweep),
        new("a wrong region is accepted", Planning + "DriftDetector.cs",
            "machine.Region == spec.Region ? null", "machine.Region.Length > 0 ? null", Suite.ReconcilerTests, Suite.Sweep),
        new("a wrong guest is accepted", Planning + "DriftDetector.cs",
            "Add(drifts, GuestDrift(spec.Guest, config.Guest));", "", Suite.ReconcilerTests, Suite.Sweep),
        new("an ill machine is left alone", Rules + "HealthRule.cs",
            ": draft.Act(Reasons.Unhealthy, message, [new Step.RestartMachine(draft.App, machine.Id, Reasons.Unhealthy)]);", ": draft.Wait(Reasons.Unhealthy, message);", Suite.ReconcilerTests, Suite.Sweep),
        new("a stuck machine is waited for without end", Rules + "TroubleRule.cs",
            "if (age >= draft.Timings.StuckAfter)", "if (age >= TimeSpan.FromDays(999))", Suite.ReconcilerTests, Suite.Sweep),
        new("failures wait for nothing", Reporting + "Requeue.cs",
            "var delay = Backoff.Delay(BackoffPolicy.For(failed.Class), attempts - 1, random);", "var delay = TimeSpan.FromMilliseconds(random);", Suite.ReconcilerTests, Suite.Sweep, Suite.Seeds),
        new("a key asked for while it is worked on is forgotten", "src/Reconciler/Queueing/WorkQueue.cs",
            "if (entry.Pending is null)\n            {\n                _entries.Remove(key);", "if (entry.Pending is null or { })\n            {\n                _entries.Remove(key);", Suite.ReconcilerTests, Suite.Sweep),
        new("a loop that ends is not noticed", Hosting + "ControllerTerm.cs",
            "throw new LoopEndedException(name, first.Exception?.GetBaseException());", "return;", Suite.ReconcilerTests, Suite.Seeds),
        new("a term goes on without a worker that fell", Hosting + "ReconcileWorkers.cs",
            "        catch\n        {\n            await working.CancelAsync();\n            throw;", "        catch\n        {\n            throw;", Suite.ReconcilerTests, Suite.Seeds),
        new("a failed reconcile holds up its worker", Hosting + "ReconcileWorkers.cs",
            "queue.Requeue(item.Key, after, result.IsBackoff", "if (result.IsBackoff) { System.Threading.Tasks.Task.Delay(after, time).GetAwaiter().GetResult(); }\n        queue.Requeue(item.Key, after, result.IsBackoff", Suite.Seeds),

        // ---- Rollouts ----
        new("as many users are moved at once as a wave has", Rollouts + "RollStep.cs",
            "if (costs && room <= 0)", "if (costs && room <= -999)", Suite.ReconcilerTests, Suite.Seeds),
        new("nobody counts as down for a rollout", Rollouts + "Fleet.cs",
            "public static int Down(RolloutDraft draft) => draft.Input.Users.Count(u => Costs(draft, u));", "public static int Down(RolloutDraft draft) => 0;", Suite.ReconcilerTests, Suite.Seeds),
        new("there is no canary", Rollouts + "RollStep.cs",
            ": draft.State.Wave + 1;", ": LastWave(draft);", Suite.ReconcilerTests, Suite.Seeds),
        new("a canary's failure is tolerated", Rollouts + "RollStep.cs",
            "canary.Count > 0 ? (canary, 0)", "canary.Count > 0 ? (canary, 99)", Suite.ReconcilerTests, Suite.Seeds),
        new("a bad revision is tried again", Rollouts + "WishStep.cs",
            "if (draft.Known(wish.Id) is { Verdict: \"bad\" } bad)", "if (draft.Known(wish.Id) is { Verdict: \"worse\" } bad)", Suite.ReconcilerTests, Suite.Seeds),
        new("want of capacity condemns a revision", Rollouts + "Judge.cs",
            "?? Hindrance(facts, mark, limits)\n", "", Suite.ReconcilerTests, Suite.Seeds),
        new("a machine that never starts is waited for without end", Rollouts + "Judge.cs",
            "return Now - (from > LeadingSince ? from : LeadingSince) > Deadline;", "return Now - from > TimeSpan.FromDays(999);", Suite.ReconcilerTests, Suite.Seeds),
        new("a revert that fails is tried for ever", Rollouts + "RevertStep.cs",
            "if (draft.Marks.FirstOrDefault(m => m.Revision == back && m.Verdict == \"failed\") is { } failed)",
            "if (draft.Marks.FirstOrDefault(m => m.Revision == back && m.Verdict == \"worse\") is { } failed)", Suite.ReconcilerTests),
        new("healthy for an instant is healthy", Rollouts + "Judge.cs",
            "mark.ProvingSince is { } since && limits.SeenGoodAt >= At(since) + limits.MinHealthyTime", "mark.ProvingSince is not null || limits.SeenGoodAt is null", Suite.ReconcilerTests),
        new("a pause is not heeded", Rollouts + "RollStep.cs",
            "draft.State.Pause is { } pause ?", "draft.State.Pause is { Owner.Length: > 999 } pause ?", Suite.ReconcilerTests),
        new("an old reading of the rollout may be written against", "src/Store/Postgres/RolloutBatch.cs",
            "where version = $1 returning version", "where version >= $1 - $1 returning version", Suite.StoreTests),
        new("everybody has the candidate", "src/Store/Postgres/PostgresStore.Users.cs",
            "coalesce(m.revision, r.stable) as revision", "coalesce(m.revision, r.candidate, r.stable) as revision", Suite.StoreTests),
        new("the row does not say which revision was steered to", Reporting + "StatusBuilder.cs",
            "return memory with { Target = revision, Revision = runs ? revision : memory.Revision };", "return memory;", Suite.Sweep, Suite.Seeds),

        // ---- P7, P8: secrets, events ----
        new("the service key is logged", Hosting + "ReconcileWorkers.cs",
            "HostLog.StoreUnavailable(logger, exception.Message);", "HostLog.StoreUnavailable(logger, exception.Message + \" \" + Environment.GetEnvironmentVariable(\"SUPABASE_SERVICE_ROLE_KEY\") + \"canary-key-one-51fd20b9\");", Suite.Seeds),
        new("secrets stand in the machine's environment", Planning + "MachineConfigBuilder.cs",
            "if (!spec.SecretNames.Contains(name, StringComparer.Ordinal))", "if (name.Length > 0)", Suite.ReconcilerTests, Suite.Sweep),
        new("completion leaves no event", Reporting + "EventBuilder.cs",
            "events.Add(Event(\"provision_completed\", status, plan.Reason, plan.Message));", "", Suite.ReconcilerTests, Suite.Sweep),
        new("a wrong override is treated as none", Rules + "OverrideRule.cs",
            "if (draft.Desired.OverrideProblem is not { } problem)", "if (draft.Desired.OverrideProblem is not { Length: > 9999 } problem)", Suite.ReconcilerTests, Suite.Sweep),
    ];
}
