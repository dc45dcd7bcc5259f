using System.Reflection;
using FlyApi;
using Microsoft.Extensions.Logging;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Tests.Telemetry;

/// <summary>Event ids are what operators search for and alert on.</summary>
public sealed class LogEventTests
{
    private static readonly Assembly[] Ours = [typeof(HostLog).Assembly, typeof(IStore).Assembly, typeof(IFlyApi).Assembly];

    private static IReadOnlyList<LoggerMessageAttribute> Messages { get; } =
    [
        .. from assembly in Ours
           from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           from attribute in method.GetCustomAttributes<LoggerMessageAttribute>()
           select attribute,
    ];

    [Fact]
    public void No_two_events_share_an_id()
    {
        Assert.True(Messages.Count > 40);
        Assert.Empty(Messages.GroupBy(m => m.EventId).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void The_list_of_events_is_that_of_the_program()
    {
        var listed = File.ReadLines(Repository.Path("docs", "logs.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal));

        Assert.Equal(Messages.OrderBy(m => m.EventId).Select(m => $"| `{m.EventId}` | {m.Level} | {m.Message} |"), listed);
    }
}
