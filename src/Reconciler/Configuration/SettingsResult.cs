using System.Diagnostics.CodeAnalysis;

namespace Reconciler.Configuration;

/// <summary>The outcome of reading the configuration.</summary>
/// <param name="Settings">Null when there is a problem.</param>
/// <param name="Problems">Everything that is wrong, each with its name as the operator writes it, what is allowed and what to do.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
public sealed record SettingsResult(Settings? Settings, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    [MemberNotNullWhen(true, nameof(Settings))]
    public bool IsValid => Settings is not null;
}
