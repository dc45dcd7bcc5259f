namespace StoreModel;

/// <summary>What is one value and no table.</summary>
/// <param name="NamelessSubscriptions">Subscriptions whose user was taken away; they only keep the table from being empty.</param>
/// <param name="TriggerEnabled">Whether a subscription change is followed in its own transaction.</param>
internal sealed record Settings(RowDefaults Defaults, int NamelessSubscriptions, bool TriggerEnabled);
