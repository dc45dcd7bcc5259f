using FlySim;

namespace Simulation.Worlds;

/// <summary>The way of a process to Fly, its registry, Supabase and the machines: real requests and answers, with latency, faults and crashes.</summary>
internal sealed class FlyPort(Border border) : HttpMessageHandler
{
    private static readonly TimeSpan SlowestLeg = TimeSpan.FromMilliseconds(80);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (world, node) = (border.World, border.Node);
        if (!node.Life.IsAlive)
        {
            return await Life.Never<HttpResponseMessage>();
        }

        var site = FlySites.Of(request);
        var fault = world.Faults.OnFly(site);
        var crash = site.Mutating ? world.Faults.OnEffect() : CrashPoint.None;
        world.Watch.Sends(node, site, request);
        if (border.DiesBefore(crash))
        {
            return await Life.Never<HttpResponseMessage>();
        }

        if (fault is not null)
        {
            world.Coverage.Injected(fault.Class, $"{fault.Name} @ {site.Operation}");
            var rule = fault.Rule(node.Random);
            request.Options.Set(FlySimHandler.FaultKey, rule);
            world.WillLand(rule);
        }

        await border.LegAsync(SlowestLeg, cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await world.Fly.SendAsync(request, cancellationToken);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!node.Life.IsAlive || border.DiesAfter(crash))
            {
                return await Life.Never<HttpResponseMessage>();
            }

            await border.LegAsync(SlowestLeg, CancellationToken.None);
            world.Trace.Add(node.Name, site.Operation, $"{request.RequestUri!.AbsolutePath} {fault?.Name} {problem.GetType().Name}");
            throw;
        }

        if (!node.Life.IsAlive || border.DiesAfter(crash))
        {
            response.Dispose();
            return await Life.Never<HttpResponseMessage>();
        }

        await border.LegAsync(SlowestLeg, cancellationToken);
        world.Trace.Add(node.Name, site.Operation, $"{request.RequestUri!.AbsolutePath} {fault?.Name} {(int)response.StatusCode}");
        return response;
    }
}
