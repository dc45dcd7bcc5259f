namespace FlySim.Validation;

/// <summary>The part of a config that the proxy reads.</summary>
internal static class ServiceShapes
{
    public static readonly IReadOnlyList<Shape> All =
    [
        new(
            "fly.MachineService",
            ("autostart", "boolean"), ("autostop", "string|boolean"), ("checks", "[fly.MachineServiceCheck]"),
            ("concurrency", "fly.MachineServiceConcurrency"), ("force_instance_description", "string"),
            ("force_instance_key", "string"), ("internal_port", "integer"), ("min_machines_running", "integer"),
            ("ports", "[fly.MachinePort]"), ("protocol", "string")),
        new(
            "fly.MachineServiceCheck",
            ("grace_period", "duration"), ("headers", "[fly.MachineHTTPHeader]"), ("interval", "duration"), ("method", "string"),
            ("path", "string"), ("port", "integer"), ("protocol", "string"), ("timeout", "duration"), ("tls_server_name", "string"),
            ("tls_skip_verify", "boolean"), ("type", "string")),
        new(
            "fly.MachineServiceConcurrency",
            ("hard_limit", "integer"), ("soft_limit", "integer"), ("type", "string")),
        new(
            "fly.MachinePort",
            ("end_port", "integer"), ("force_https", "boolean"), ("handlers", "[string]"), ("http_options", "fly.HTTPOptions"),
            ("port", "integer"), ("proxy_proto_options", "fly.ProxyProtoOptions"), ("start_port", "integer"),
            ("tls_options", "fly.TLSOptions")),
        new(
            "fly.HTTPOptions",
            ("compress", "boolean"), ("h2_backend", "boolean"), ("headers_read_timeout", "integer"), ("idle_timeout", "integer"),
            ("replay_cache", "[fly.ReplayCache]"), ("response", "fly.HTTPResponseOptions")),
        new(
            "fly.HTTPResponseOptions",
            ("headers", "{object}"), ("pristine", "boolean")),
        new(
            "fly.ReplayCache",
            ("allow_bypass", "boolean"), ("name", "string"), ("path_prefix", "string"), ("ttl_seconds", "integer"), ("type", "string")),
        new(
            "fly.TLSOptions",
            ("alpn", "[string]"), ("default_self_signed", "boolean"), ("versions", "[string]")),
        new(
            "fly.ProxyProtoOptions",
            ("version", "string")),
    ];
}
