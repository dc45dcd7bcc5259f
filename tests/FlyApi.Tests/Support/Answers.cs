namespace FlyApi.Tests.Support;

/// <summary>Replies in the shape that the API sends, additions and normalisations included.</summary>
internal static class Answers
{
    public const string Machine = """
        {
          "id": "148e21ea7d4289", "name": "vyx", "state": "started", "region": "sin",
          "instance_id": "01JA0000000000000000000000", "version": "01JB1111111111111111111111",
          "private_ip": "fdaa:0:1:a7b:1::2", "created_at": "2026-08-01T10:00:00.123456789Z", "updated_at": "2026-08-02T10:00:00Z",
          "host_status": "ok", "nonce": "nonce-1", "brand_new_member": {"a": [1, 2]},
          "config": {
            "image": "registry.fly.io/vyx-app:v1",
            "guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 512, "kernel_args": ["x"]},
            "env": {"MODE": "live", "EMPTY": null},
            "metadata": {"owner": "u1"},
            "restart": {"policy": "always", "gpu_bid_price": 1.5},
            "checks": {"health": {"type": "http", "port": 8080, "path": "/health", "interval": "1m0s", "timeout": 10000000000, "grace_period": "30s", "kind": "informational"}},
            "services": [{"protocol": "tcp", "internal_port": 8080, "autostop": false, "autostart": true}],
            "auto_destroy": false, "init": {}, "dns": {}, "stop_config": {"timeout": "30s"}
          },
          "image_ref": {"registry": "registry.fly.io", "repository": "vyx-app", "tag": "v1", "digest": "sha256:abc", "labels": {"a": "b"}},
          "checks": [
            {"name": "health", "status": "passing", "output": "ok", "updated_at": "2026-08-02T10:00:00Z"},
            {"name": "servicecheck-00-http-8080", "status": "critical"},
            {"name": "bg_deployments_compat_x", "status": "critical"}
          ],
          "events": [
            {"type": "start", "status": "started", "timestamp": 1754042400000},
            {"type": "exit", "status": "stopped", "timestamp": 1754042500000,
             "request": {"exit_event": {"exit_code": 137, "oom_killed": true, "requested_stop": false, "restarting": true}, "restart_count": 3}}
          ]
        }
        """;

    public const string Html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

    public static string Error(string text, string? status = null) =>
        status is null ? $$"""{"error":"{{text}}"}""" : $$"""{"error":"{{text}}","status":"{{status}}"}""";
}
