namespace FlySim.Tests;

/// <summary>A fact that needs the official description of the API, and says so where there is no copy of it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OfficialFactAttribute : FactAttribute
{
    public OfficialFactAttribute() => Skip = OfficialDescription.Find() is null
        ? "No copy of the official description (shared/fly-machines-openapi.json) was found: nothing to compare with."
        : null;
}
