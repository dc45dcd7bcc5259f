namespace FlySim.Validation;

/// <summary>Bodies of requests: the members the official description names, and the few more that Fly's own clients send.</summary>
internal static class RequestShapes
{
    public static readonly IReadOnlyList<Shape> All =
    [
        new(
            "CreateAppRequest",
            ("app_name", "string"), ("app_role_id", "string"), ("enable_subdomains", "boolean"), ("name", "string"),
            ("network", "string"), ("org_slug", "string")),
        new(
            "AppSecretsUpdateRequest",
            ("values", "{string}")),
        new(
            "SetAppSecretRequest",
            ("value", "string")),
        new(
            "CreateMachineRequest",
            ("config", "fly.MachineConfig"), ("lease_ttl", "integer"), ("lsvd", "boolean"), ("min_secrets_version", "long"),
            ("name", "string"), ("region", "string"), ("skip_launch", "boolean"), ("skip_secrets", "boolean"),
            ("skip_service_registration", "boolean")),
        new(
            "UpdateMachineRequest",
            ("config", "fly.MachineConfig"), ("current_version", "string"), ("lease_ttl", "integer"), ("lsvd", "boolean"),
            ("min_secrets_version", "long"), ("name", "string"), ("region", "string"), ("skip_launch", "boolean"),
            ("skip_secrets", "boolean"), ("skip_service_registration", "boolean")),
        new(
            "StopRequest",
            ("signal", "string"), ("timeout", "string")),
        new(
            "CreateLeaseRequest",
            ("description", "string"), ("ttl", "integer")),
        new(
            "updateMetadataRequest",
            ("machine_version", "string"), ("metadata", "{string}"), ("updated_at", "string")),
        new(
            "upsertMetadataKeyRequest",
            ("updated_at", "string"), ("value", "string")),
        new(
            "assignIPRequest",
            ("network", "string"), ("org_slug", "string"), ("region", "string"), ("service_name", "string"), ("type", "string")),
        new(
            "main.getPlacementsRequest",
            ("compute", "fly.MachineGuest"), ("count", "integer"), ("org_slug", "string"), ("region", "string"),
            ("volume_name", "string"), ("volume_size_bytes", "long"), ("weights", "object")),
    ];
}
