using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>The web console.</summary>
/// <param name="Token">Whoever knows it may act; null = the console is read-only for everybody. At least 24 characters.</param>
/// <param name="AllowPublicActions">Whether a request from outside the private network, or through a proxy, may act.</param>
public sealed record ConsoleSettings(SecretText? Token, bool AllowPublicActions);
