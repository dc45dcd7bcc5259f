using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Endpoints;

internal static class SecretEndpoints
{
    public static void Map(Routes routes)
    {
        const string All = "/v1/apps/{app}/secrets";
        const string One = All + "/{secret}";
        routes.Map("GET", All, Operation.Read("secrets.list"), List);
        routes.Map("POST", All, Operation.Write("secrets.update", "AppSecretsUpdateRequest"), Update);
        routes.Map("GET", One, Operation.Read("secrets.get"), Get);
        routes.Map("POST", One, Operation.Write("secrets.set", "SetAppSecretRequest"), Set);
        routes.Map("DELETE", One, Operation.Write("secrets.delete"), Delete);
    }

    private static Reply List(Call call)
    {
        // fly-go says "version" where the description says "min_version".
        var secrets = call.World.ReadSecrets(call.App(), call.Number("min_version") ?? call.Number("version"), call.StaleMs).Secrets;
        return Reply.Ok(secrets.IsEmpty ? [] : new JsonObject { ["secrets"] = Json(secrets.Values) });
    }

    private static Reply Update(Call call)
    {
        var app = call.App();
        var values = call.Body["values"] as JsonObject ?? throw new RefusedException(400, "invalid_argument: values is required");
        var changes = values.Select(p => KeyValuePair.Create(p.Key, p.Value?.GetValue<string>())).ToList();
        var after = call.World.SetSecrets(app, changes);
        var mentioned = after.Secrets.Values.Where(s => values.ContainsKey(s.Name));
        return Reply.Ok(new JsonObject
        {
            ["secrets"] = Json(mentioned),
            ["version"] = after.Version,
            ["Version"] = after.Version,
        });
    }

    private static Reply Get(Call call)
    {
        var secrets = call.World.ReadSecrets(call.App(), call.Number("min_version"), call.StaleMs).Secrets;
        return secrets.TryGetValue(call.Route("secret")!, out var secret) ? Reply.Ok(Json(secret)) : throw Missing();
    }

    private static Reply Set(Call call)
    {
        var name = call.Route("secret")!;
        var value = call.Text("value") ?? throw new RefusedException(400, "invalid_argument: value is required");
        var after = call.World.SetSecrets(call.App(), [KeyValuePair.Create<string, string?>(name, value)]);
        var json = Json(after.Secrets[name]);
        json["version"] = after.Version;
        return Reply.Ok(json, 201);
    }

    private static Reply Delete(Call call)
    {
        var app = call.App();
        var name = call.Route("secret")!;
        if (!app.Secrets.Latest.Secrets.ContainsKey(name))
        {
            throw Missing();
        }

        var after = call.World.SetSecrets(app, [KeyValuePair.Create<string, string?>(name, null)]);
        return Reply.Ok(new JsonObject { ["version"] = after.Version });
    }

    private static RefusedException Missing() => new(404, "secret not found");

    private static JsonArray Json(IEnumerable<StoredSecret> secrets) => new([.. secrets.Select(Json)]);

    /// <summary>Never the value: the platform does not give it back either.</summary>
    private static JsonObject Json(StoredSecret secret) => new()
    {
        ["name"] = secret.Name,
        ["digest"] = secret.Digest,
        ["created_at"] = Timestamps.Format(secret.CreatedAt),
        ["updated_at"] = Timestamps.Format(secret.UpdatedAt),
    };
}
