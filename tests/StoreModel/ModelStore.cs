namespace StoreModel;

/// <summary>The store's port on the model; one file per family of methods, as in the original.</summary>
internal sealed partial class ModelStore(StoreModelDatabase database) : IStore
{
    private Tables Tables => database.Tables;

    private Task<T> Write<T>(string method, LeaseToken? lease, Func<Transaction, T> body, CancellationToken cancellationToken) =>
        Answers.Of(() => database.Commit(method, lease, body), cancellationToken);
}
