using FlyApi;
using FlyApi.Contracts;

namespace Reconciler.Images;

/// <summary>Finds the image that another app's machines run now.</summary>
internal sealed class FollowedApp(string appName, IFlyApi api, RegistryResolver resolver)
{
    private const string Setting = "DOCKER_IMAGE";

    public async Task<Resolution> ResolveAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Machine> machines;
        try
        {
            machines = await api.ListMachinesAsync(appName, cancellationToken);
        }
        catch (FlyApiException exception)
        {
            return Explain(exception.Class) with { Details = exception.Message };
        }

        var started = machines.Where(machine => machine.State == MachineStates.Started).ToList();
        return started.Count == 0 ? NothingStarted(machines) : await ChooseAsync(started, cancellationToken);
    }

    /// <summary>The image that most machines run; among equals the one of the machine that changed last, which is the deploy going on.</summary>
    private async Task<Resolution> ChooseAsync(List<Machine> started, CancellationToken cancellationToken)
    {
        var votes = new List<(Resolution.Found Image, Machine Machine)>();
        Resolution? failure = null;
        foreach (var machine in started.OrderBy(machine => machine.Id, StringComparer.Ordinal))
        {
            switch (await ImageOfAsync(machine, cancellationToken))
            {
                case Resolution.Found found:
                    votes.Add((found, machine));
                    break;
                case { } other:
                    failure = other;
                    break;
            }
        }

        var winner = votes
            .GroupBy(vote => vote.Image.Pinned)
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Max(vote => vote.Machine.UpdatedAt ?? DateTimeOffset.MinValue))
            .FirstOrDefault();
        return winner?.OrderByDescending(vote => vote.Machine.UpdatedAt ?? DateTimeOffset.MinValue).First().Image
            ?? failure
            ?? new Resolution.Failed(
                $"no started machine of app '{appName}' tells its image", $"look at its machines with fly machine list -a {appName}, or correct {Setting}");
    }

    /// <summary>Null when Fly does not tell: it leaves the config out while a host is not ok.</summary>
    private async Task<Resolution?> ImageOfAsync(Machine machine, CancellationToken cancellationToken)
    {
        if (FromImageRef(machine.ImageRef) is { } exact)
        {
            return exact;
        }

        return ImageReference.TryParse(machine.Config?.Image, out var configured, out _)
            ? await resolver.ResolveAsync(configured, $"the image of app '{appName}'", cancellationToken)
            : null;
    }

    private static Resolution.Found? FromImageRef(ImageRef? image)
    {
        // A reference made of Fly's parts is parsed again, so that nothing malformed gets into a machine's config.
        if (image is { Registry: { Length: > 0 } registry, Repository: { Length: > 0 } repository, Digest: { Length: > 0 } digest }
            && ImageReference.TryParse($"{registry}/{repository}@{digest}", out var pinned, out _))
        {
            return new Resolution.Found(pinned, image.Tag is { Length: > 0 } tag ? $"{registry}/{repository}:{tag}" : pinned.ToString());
        }

        return null;
    }

    private Resolution NothingStarted(IReadOnlyList<Machine> machines) =>
        machines.Any(machine => MachineStates.IsTransient(machine.State) || machine.State == MachineStates.Created)
            ? new Resolution.Unsettled($"the machines of app '{appName}' are being changed and none is started")
            : new Resolution.Failed(
                machines.Count == 0 ? $"app '{appName}' has no machines to follow" : $"app '{appName}' has no started machine to follow",
                $"deploy it, or name an image in {Setting}");

    private Resolution.Failed Explain(FlyErrorClass error) => error switch
    {
        FlyErrorClass.NotFound => new($"app '{appName}' does not exist at Fly (404)", $"correct the name after follow: in {Setting}"),
        FlyErrorClass.Unauthorised => new(
            $"Fly refuses our token for app '{appName}'", $"give FLY_API_TOKEN a token of its organisation, or correct the name after follow: in {Setting}"),
        _ => new($"the machines of app '{appName}' could not be listed, because Fly gives no usable answer", "it is tried again by itself"),
    };
}
