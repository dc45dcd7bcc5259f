namespace FlySim.Validation;

/// <summary>A machine's config and its parts.</summary>
internal static class MachineShapes
{
    public static readonly IReadOnlyList<Shape> All =
    [
        new(
            "fly.MachineConfig",
            ("auto_destroy", "boolean"), ("cache_drive", "fly.MachineCacheDrive"), ("checks", "{fly.MachineCheck}"),
            ("containers", "[fly.ContainerConfig]"), ("disable_machine_autostart", "boolean"), ("dns", "fly.DNSConfig"),
            ("env", "{string}"), ("files", "[fly.File]"), ("guest", "fly.MachineGuest"), ("image", "string"),
            ("init", "fly.MachineInit"), ("metadata", "{string}"), ("metrics", "fly.MachineMetrics"), ("mounts", "[fly.MachineMount]"),
            ("processes", "[fly.MachineProcess]"), ("restart", "fly.MachineRestart"), ("rootfs", "fly.MachineRootfs"),
            ("schedule", "string"), ("services", "[fly.MachineService]"), ("size", "string"), ("standbys", "[string]"),
            ("statics", "[fly.Static]"), ("stop_config", "fly.StopConfig")),
        new(
            "fly.MachineCacheDrive",
            ("size_mb", "integer")),
        new(
            "fly.MachineCheck",
            ("grace_period", "duration"), ("headers", "[fly.MachineHTTPHeader]"), ("interval", "duration"), ("kind", "string"),
            ("method", "string"), ("path", "string"), ("port", "integer"), ("protocol", "string"), ("timeout", "duration"),
            ("tls_server_name", "string"), ("tls_skip_verify", "boolean"), ("type", "string")),
        new(
            "fly.MachineHTTPHeader",
            ("name", "string"), ("values", "[string]")),
        new(
            "fly.EnvFrom",
            ("env_var", "string"), ("field_ref", "string")),
        new(
            "fly.File",
            ("guest_path", "string"), ("image_config", "string"), ("mode", "integer"), ("raw_value", "string"),
            ("secret_name", "string")),
        new(
            "fly.MachineRestart",
            ("gpu_bid_price", "number"), ("max_retries", "integer"), ("policy", "string")),
        new(
            "fly.MachineSecret",
            ("env_var", "string"), ("name", "string")),
        new(
            "fly.StopConfig",
            ("signal", "string"), ("timeout", "string")),
        new(
            "fly.DNSConfig",
            ("dns_forward_rules", "[fly.dnsForwardRule]"), ("hostname", "string"), ("hostname_fqdn", "string"),
            ("nameservers", "[string]"), ("options", "[fly.dnsOption]"), ("searches", "[string]"), ("skip_registration", "boolean")),
        new(
            "fly.dnsForwardRule",
            ("addr", "string"), ("basename", "string")),
        new(
            "fly.dnsOption",
            ("name", "string"), ("value", "string")),
        new(
            "fly.MachineGuest",
            ("cpu_kind", "string"), ("cpus", "integer"), ("gpu_kind", "string"), ("gpus", "integer"), ("host_dedication_id", "string"),
            ("kernel_args", "[string]"), ("max_memory_mb", "integer"), ("memory_mb", "integer"), ("persist_rootfs", "string")),
        new(
            "fly.MachineInit",
            ("cmd", "[string]"), ("entrypoint", "[string]"), ("exec", "[string]"), ("kernel_args", "[string]"),
            ("swap_size_mb", "integer"), ("tty", "boolean")),
        new(
            "fly.MachineMetrics",
            ("https", "boolean"), ("path", "string"), ("port", "integer")),
        new(
            "fly.MachineMount",
            ("add_size_gb", "integer"), ("encrypted", "boolean"), ("extend_threshold_percent", "integer"), ("name", "string"),
            ("path", "string"), ("size_gb", "integer"), ("size_gb_limit", "integer"), ("volume", "string")),
        new(
            "fly.MachineProcess",
            ("cmd", "[string]"), ("entrypoint", "[string]"), ("env", "{string}"), ("env_from", "[fly.EnvFrom]"), ("exec", "[string]"),
            ("ignore_app_secrets", "boolean"), ("secrets", "[fly.MachineSecret]"), ("user", "string")),
        new(
            "fly.MachineRootfs",
            ("persist", "string"), ("size_gb", "integer")),
        new(
            "fly.Static",
            ("guest_path", "string"), ("index_document", "string"), ("tigris_bucket", "string"), ("url_prefix", "string")),
    ];
}
