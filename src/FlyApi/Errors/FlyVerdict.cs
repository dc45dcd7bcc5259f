namespace FlyApi.Errors;

/// <summary>What a refusal means: see <see cref="FlyErrorClass"/> and <see cref="FlyErrorDetail"/>.</summary>
internal readonly record struct FlyVerdict(FlyErrorClass Class, FlyErrorDetail Detail = FlyErrorDetail.None, string? ExistingMachineId = null);
