using Reconciler.Model;

namespace Reconciler.Secrets;

/// <summary>The secrets user machines get. Values leave this interface only into the body of the call that sets them.</summary>
public interface ISecretSource
{
    /// <summary>Digest, names and whether the service key may be rolled out; never does I/O.</summary>
    SecretsStatus Status { get; }

    /// <summary>Values for one user, USER_ID included.</summary>
    /// <param name="userId">Whose machine.</param>
    /// <param name="digest">Of which set: the present one, or one with values that the configuration still holds as previous ones.</param>
    /// <returns>Null when the configuration does not hold these values any more.</returns>
    IReadOnlyDictionary<string, string>? ValuesFor(Guid userId, string digest);

    /// <summary>Whether the values of a set are in the configuration.</summary>
    bool Knows(string digest);

    /// <summary>Verifies the service key anew (form offline, validity online). True when the status changed. Never throws for the network's trouble.</summary>
    Task<bool> RefreshAsync(CancellationToken cancellationToken);
}
