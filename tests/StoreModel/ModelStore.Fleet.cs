namespace StoreModel;

internal sealed partial class ModelStore
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public Task<string?> ReadFleetStateAsync(string key, CancellationToken cancellationToken) =>
        Answers.Of(() => Tables.Fleet.Find(key)?.Json, cancellationToken);

    public Task WriteFleetStateAsync(LeaseToken lease, string key, string json, CancellationToken cancellationToken) =>
        Write(nameof(WriteFleetStateAsync), lease, _ =>
        {
            var document = Jsonb.Text(PgText.CleanJson(json));
            if (!Jsonb.Same(Tables.Fleet.Find(key)?.Json, document))
                Tables.Fleet.Put(new FleetRow(key, document));
            return true;
        }, cancellationToken);

    public Task<string> GetOrCreateFleetStateAsync(string key, string json, CancellationToken cancellationToken) =>
        Write(nameof(GetOrCreateFleetStateAsync), null, _ => GetOrCreate(key, json), cancellationToken);

    public Task<BudgetDraw> TryDrawDestroyAsync(
        LeaseToken lease, string subject, int limitPerHour, CancellationToken cancellationToken) =>
        Write(nameof(TryDrawDestroyAsync), lease, transaction =>
        {
            // The queue at the till is a document like any other.
            GetOrCreate("destroy-budget", "{}");
            var since = transaction.Now - Hour;
            for (var i = Tables.Destroys.Count - 1; i >= 0; i--)
            {
                if (Tables.Destroys[i].At <= since)
                    Tables.Destroys.Remove(Tables.Destroys[i].Subject);
            }
            if (Tables.Destroys.Find(subject) is not null || Tables.Destroys.Count < limitPerHour)
            {
                Tables.Destroys.Put(new DestroyRow(subject, transaction.Now));
                return new BudgetDraw(true, Tables.Destroys.Count, null);
            }
            DateTime? nextFreeAt = Tables.Destroys.Count == 0 ? null : Tables.Destroys.Min(static draw => draw.At) + Hour;
            return new BudgetDraw(false, Tables.Destroys.Count, nextFreeAt);
        }, cancellationToken);

    public Task<int> ReadDestroysLastHourAsync(CancellationToken cancellationToken) => Answers.Of(() =>
    {
        var since = database.Now - Hour;
        return Tables.Destroys.Count(draw => draw.At > since);
    }, cancellationToken);

    private string GetOrCreate(string key, string json)
    {
        var document = Jsonb.Text(PgText.CleanJson(json)); // refused even where it would not be used
        if (Tables.Fleet.Find(key) is { } stored)
            return stored.Json;
        Tables.Fleet.Put(new FleetRow(key, document));
        return document;
    }
}
