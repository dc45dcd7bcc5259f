namespace FlySim.Validation;

/// <summary>The part of a config for machines of several containers.</summary>
internal static class ContainerShapes
{
    public static readonly IReadOnlyList<Shape> All =
    [
        new(
            "fly.ContainerConfig",
            ("cmd", "[string]"), ("depends_on", "[fly.ContainerDependency]"), ("entrypoint", "[string]"), ("env", "{string}"),
            ("env_from", "[fly.EnvFrom]"), ("exec", "[string]"), ("files", "[fly.File]"),
            ("healthchecks", "[fly.ContainerHealthcheck]"), ("image", "string"), ("name", "string"), ("restart", "fly.MachineRestart"),
            ("secrets", "[fly.MachineSecret]"), ("stop", "fly.StopConfig"), ("user", "string")),
        new(
            "fly.ContainerDependency",
            ("condition", "string"), ("name", "string")),
        new(
            "fly.ContainerHealthcheck",
            ("exec", "fly.ExecHealthcheck"), ("failure_threshold", "integer"), ("grace_period", "integer"),
            ("http", "fly.HTTPHealthcheck"), ("interval", "integer"), ("kind", "string"), ("name", "string"),
            ("success_threshold", "integer"), ("tcp", "fly.TCPHealthcheck"), ("timeout", "integer"), ("unhealthy", "string")),
        new(
            "fly.ExecHealthcheck",
            ("command", "[string]")),
        new(
            "fly.HTTPHealthcheck",
            ("headers", "[fly.MachineHTTPHeader]"), ("method", "string"), ("path", "string"), ("port", "integer"), ("scheme", "string"),
            ("tls_server_name", "string"), ("tls_skip_verify", "boolean")),
        new(
            "fly.TCPHealthcheck",
            ("port", "integer")),
    ];
}
