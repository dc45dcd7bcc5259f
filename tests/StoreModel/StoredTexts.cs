namespace StoreModel;

/// <summary>Enumerates the text columns, for a search for what should not be there.</summary>
internal static class StoredTexts
{
    public static IEnumerable<StoredText> Of(Tables tables) =>
        tables.Subscriptions.SelectMany(static row => Columns(
                "user_subscriptions", $"{row.UserId}", ("tier", row.Tier), ("status", row.Status)))
            .Concat(tables.Apps.SelectMany(Of))
            .Concat(tables.Ownership.SelectMany(Of))
            .Concat(tables.Intents.SelectMany(static row => Columns(
                "intents", row.LaunchId, ("launch_id", row.LaunchId), ("kind", row.Kind), ("app_name", row.AppName),
                ("machine_name", row.MachineName))))
            .Concat(tables.AppEvents.SelectMany(static row => Of("user_fly_app_events", row)))
            .Concat(tables.Journal.SelectMany(static row => Of("events", row)))
            .Concat(tables.Fleet.SelectMany(static row => Columns("fleet", row.Key, ("key", row.Key), ("value", row.Json))))
            .Concat(tables.Destroys.SelectMany(static row => Columns("destroys", row.Subject, ("subject", row.Subject))))
            .Concat(tables.Revisions.SelectMany(static row => Columns(
                "revisions", row.Id, ("content", row.Content), ("evidence", row.Evidence), ("started_by", row.StartedBy))))
            .Concat(tables.Rollout.SelectMany(static row => Columns("rollout", "", ("state", row.State))))
            .Concat(tables.RolloutUsers.SelectMany(static row => Columns("rollout_users", $"{row.UserId}", ("why", row.Why))))
            .Concat(tables.RolloutHistory.SelectMany(static row => Columns(
                "rollout_history", row.Revision, ("owner", row.Owner), ("message", row.Message))))
            .Concat(tables.RolloutOrders.SelectMany(static row => Columns(
                "rollout_orders", $"{row.Id}", ("owner", row.Ask.Owner), ("reason", row.Ask.Reason), ("answer", row.Answer))))
            .Concat(tables.Leases.SelectMany(static row => Columns("lease", row.Name, ("name", row.Name), ("holder", row.Holder))))
            .Concat(Of(tables.Settings.Defaults));

    private static IEnumerable<StoredText> Of(AppRow row) => Columns(
        "user_fly_apps", $"{row.UserId}",
        ("fly_app_name", row.AppName), ("fly_org_slug", row.OrgSlug), ("status", row.Status), ("region", row.Region),
        ("docker_image", row.DockerImage), ("health_status", row.HealthStatus), ("error_message", row.ErrorMessage), ("tier", row.Tier),
        ("machine_id", row.MachineId), ("conditions", row.Conditions), ("controller_state", row.ControllerState), ("spec", row.Spec),
        ("pause_owner", row.PauseOwner), ("pause_reason", row.PauseReason), ("last_error_class", row.LastErrorClass));

    private static IEnumerable<StoredText> Of(OwnershipRow row) => Columns(
        "ownership", row.AppName,
        ("app_name", row.AppName), ("org_slug", row.OrgSlug), ("machine_id", row.MachineId), ("status", row.Status),
        ("health_status", row.HealthStatus), ("error_message", row.ErrorMessage), ("conditions", row.Conditions),
        ("controller_state", row.ControllerState), ("last_error_class", row.LastErrorClass));

    private static IEnumerable<StoredText> Of(string table, EventRow row) => Columns(
        table, $"{row.UserId}",
        ("app_name", row.AppName), ("event_type", row.Type), ("status", row.Status), ("metadata", row.Metadata),
        ("error_details", row.ErrorDetails));

    private static IEnumerable<StoredText> Of(RowDefaults row) => Columns(
        "row_defaults", "",
        ("app_name_prefix", row.AppNamePrefix), ("org_slug", row.OrgSlug), ("region", row.Region), ("docker_image", row.DockerImage));

    private static IEnumerable<StoredText> Columns(string table, string row, params (string Column, string? Value)[] columns)
    {
        foreach (var (column, value) in columns)
        {
            if (value is not null)
                yield return new StoredText(table, row, column, value);
        }
    }
}
