using System.Net;
using FlyApi.Calls;
using FlyApi.Errors;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class FlyErrorClassifierTests
{
    [Theory]

    // App names.
    [InlineData(FlyOperations.AppCreate, 422, "name_taken", "Validation failed: Name has already been taken", FlyErrorClass.NameTaken)]
    [InlineData(FlyOperations.AppCreate, 422, null, "Validation failed: Name has already been taken", FlyErrorClass.NameTaken)]
    [InlineData(FlyOperations.AppCreate, 422, null, "uniqueness constraint violated", FlyErrorClass.NameTaken)]
    [InlineData(FlyOperations.AppCreate, 409, null, "conflict", FlyErrorClass.NameTaken)]
    [InlineData(FlyOperations.AppCreate, 422, null, "Validation failed: Name may only contain letters", FlyErrorClass.Invalid)]
    [InlineData(FlyOperations.AppCreate, 422, null, "Please add a payment method to your organization", FlyErrorClass.Capacity, FlyErrorDetail.Quota)]

    // Machine names.
    [InlineData(FlyOperations.MachineCreate, 409, null, "already_exists: unique machine name violation, machine ID 148e21ea7d4289 already exists with name \"vyx\"", FlyErrorClass.Conflict, FlyErrorDetail.MachineNameTaken)]
    [InlineData(FlyOperations.MachineCreate, 422, null, "machine ID 148e21ea7d4289 already exists with name vyx", FlyErrorClass.Conflict, FlyErrorDetail.MachineNameTaken)]
    [InlineData(FlyOperations.MachineCreate, 422, "name_taken", "taken", FlyErrorClass.Conflict, FlyErrorDetail.MachineNameTaken)]

    // Capacity and limits.
    [InlineData(FlyOperations.MachineCreate, 422, "insufficient_capacity", "no candidate host", FlyErrorClass.Capacity, FlyErrorDetail.RegionCapacity)]
    [InlineData(FlyOperations.MachineCreate, 409, null, "aborted: no capacity", FlyErrorClass.Capacity, FlyErrorDetail.RegionCapacity)]
    [InlineData(FlyOperations.MachineUpdate, 409, null, "aborted: could not reserve resource for machine: insufficient memory available to fulfill request", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    [InlineData(FlyOperations.MachineStart, 409, null, "aborted: could not reserve resource for machine: insufficient CPUs available", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    [InlineData(FlyOperations.MachineStart, 409, null, "insufficient resources available", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    [InlineData(FlyOperations.MachineUpdate, 412, "volume_placement_capacity", "no", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    [InlineData(FlyOperations.MachineUpdate, 412, null, "insufficient resources to create machine with existing volume", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    [InlineData(FlyOperations.MachineUpdate, 500, null, "deploys to this host are temporarily disabled", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    [InlineData(FlyOperations.MachineUpdate, 409, null, "deploys to this host are temporarily disabled", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    [InlineData(FlyOperations.MachineCreate, 403, null, "organization quota for machines in region sin exceeded", FlyErrorClass.Capacity, FlyErrorDetail.Quota)]
    [InlineData(FlyOperations.MachineCreate, 422, null, "Your organization has reached its machine limit", FlyErrorClass.Capacity, FlyErrorDetail.Quota)]
    [InlineData(FlyOperations.MachineCreate, 422, null, "invalid config.guest.memory_mb, exceeds the memory limit per cpu", FlyErrorClass.Invalid)]

    // The other meanings of 409.
    [InlineData(FlyOperations.MachineUpdate, 409, null, "lease currently held by abc@tokens.fly.io, expires at 2026-09-01T00:00:00Z", FlyErrorClass.Conflict, FlyErrorDetail.LeaseHeld)]
    [InlineData(FlyOperations.LeaseAcquire, 409, null, "conflict", FlyErrorClass.Conflict, FlyErrorDetail.LeaseHeld)]
    [InlineData(FlyOperations.MachineUpdate, 409, null, "machine is replacing: concurrent update in progress", FlyErrorClass.Conflict, FlyErrorDetail.ConcurrentUpdate)]
    [InlineData(FlyOperations.MachineUpdate, 409, null, "machine update failed due to concurrent update", FlyErrorClass.Conflict, FlyErrorDetail.ConcurrentUpdate)]
    [InlineData(FlyOperations.MachineStart, 409, null, "aborted: machine still attempting to start", FlyErrorClass.Conflict, FlyErrorDetail.AlreadyStarting)]
    [InlineData(FlyOperations.MachineStart, 412, null, "failed_precondition: machine still attempting to start", FlyErrorClass.Conflict, FlyErrorDetail.AlreadyStarting)]
    [InlineData(FlyOperations.MachineWait, 409, null, "unreachable from here", FlyErrorClass.Conflict, FlyErrorDetail.WrongState)]
    [InlineData(FlyOperations.MachineStop, 409, null, "something else", FlyErrorClass.Conflict)]

    // 412.
    [InlineData(FlyOperations.MachineStart, 412, null, "unable to start machine from current state: 'created'", FlyErrorClass.Conflict, FlyErrorDetail.WrongState)]
    [InlineData(FlyOperations.MachineStart, 412, null, "machine getting replaced, refusing to start", FlyErrorClass.Conflict, FlyErrorDetail.WrongState)]
    [InlineData(FlyOperations.MachineDelete, 412, null, "unable to destroy machine, not currently stopped, suspended, failed", FlyErrorClass.Conflict, FlyErrorDetail.WrongState)]
    [InlineData(FlyOperations.MachineUpdate, 412, null, "current_version does not match", FlyErrorClass.Conflict, FlyErrorDetail.VersionMismatch)]
    [InlineData(FlyOperations.MetadataPatch, 412, null, "no", FlyErrorClass.Conflict, FlyErrorDetail.VersionMismatch)]

    // Bad input, rights, absence, load.
    [InlineData(FlyOperations.MachineCreate, 400, null, "failed to get manifest registry.fly.io/a:b: MANIFEST_UNKNOWN", FlyErrorClass.Invalid, FlyErrorDetail.ManifestUnknown)]
    [InlineData(FlyOperations.MachineWait, 400, null, "value must be inside range [1s, 1m0s]", FlyErrorClass.Invalid)]
    [InlineData(FlyOperations.AppGet, 401, null, "unauthorized", FlyErrorClass.Unauthorised)]
    [InlineData(FlyOperations.AppGet, 403, null, "unauthorized", FlyErrorClass.Unauthorised)]
    [InlineData(FlyOperations.AppGet, 404, null, "app not found", FlyErrorClass.NotFound)]
    [InlineData(FlyOperations.MachineGet, 429, null, "rate limit exceeded", FlyErrorClass.Throttled)]
    [InlineData(FlyOperations.MachineCreate, 429, null, "rate limit exceeded", FlyErrorClass.Throttled)]

    // A code that is known outranks the text and the status.
    [InlineData(FlyOperations.MachineCreate, 409, "insufficient_capacity", "unique machine name violation", FlyErrorClass.Capacity, FlyErrorDetail.RegionCapacity)]
    [InlineData(FlyOperations.MachineUpdate, 409, "unknown", "lease currently held by x", FlyErrorClass.Conflict, FlyErrorDetail.LeaseHeld)]
    public void A_refusal_means(
        string operation, int status, string? code, string text, FlyErrorClass expected, FlyErrorDetail detail = FlyErrorDetail.None)
    {
        var verdict = FlyErrorClassifier.Classify(operation, repeatable: false, (HttpStatusCode)status, new FlyErrorBody(code, text, IsFlys: true));

        Assert.Equal((expected, detail), (verdict.Class, verdict.Detail));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(302)]
    public void An_unclear_status_is_transient_for_what_can_be_repeated_and_ambiguous_for_the_rest(int status)
    {
        var body = new FlyErrorBody(null, "unavailable", IsFlys: true);

        Assert.Equal(FlyErrorClass.Transient, FlyErrorClassifier.Classify(FlyOperations.MachineGet, true, (HttpStatusCode)status, body).Class);
        Assert.Equal(FlyErrorClass.AmbiguousOutcome, FlyErrorClassifier.Classify(FlyOperations.MachineCreate, false, (HttpStatusCode)status, body).Class);
    }

    [Fact]
    public void The_id_of_the_machine_that_holds_the_name_is_read_from_the_text()
    {
        var verdict = FlyErrorClassifier.Classify(
            FlyOperations.MachineCreate, false, HttpStatusCode.Conflict,
            new FlyErrorBody(null, "already_exists: unique machine name violation, machine ID 148e21ea7d4289 already exists with name vyx", true));

        Assert.Equal("148e21ea7d4289", verdict.ExistingMachineId);
    }

    [Theory]
    [InlineData("""{"error":"app not found"}""", false, true)]
    [InlineData("""{"status":"error","message":"lease not found","code":"not_found"}""", false, true)]
    [InlineData("", true, true)]
    [InlineData("", false, false)]
    [InlineData(Answers.Html, true, false)]
    [InlineData("""{"message":"no Route matched with those values"}""", false, false)]
    [InlineData("""["app not found"]""", true, false)]
    [InlineData("""{"error":""", true, false)]
    public void Only_Flys_own_404_is_absence(string body, bool hasRequestId, bool isAbsence)
    {
        var read = FlyErrorBody.Read(System.Text.Encoding.UTF8.GetBytes(body), hasRequestId);

        var verdict = FlyErrorClassifier.Classify(FlyOperations.MachineGet, true, HttpStatusCode.NotFound, read);

        Assert.Equal(isAbsence ? FlyErrorClass.NotFound : FlyErrorClass.Transient, verdict.Class);
    }

    [Fact]
    public void Every_status_gets_a_verdict_for_every_text()
    {
        CsCheck.Check.Sample(
            CsCheck.Gen.Select(CsCheck.Gen.Int[100, 599], CsCheck.Gen.String, CsCheck.Gen.Bool),
            input =>
            {
                var (status, text, isFlys) = input;
                var verdict = FlyErrorClassifier.Classify(
                    FlyOperations.MachineCreate, false, (HttpStatusCode)status, new FlyErrorBody(null, text, isFlys));
                return verdict.Class != FlyErrorClass.Transient;
            });
    }
}
