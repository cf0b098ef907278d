namespace SocketIOServer.Tests;

/// <summary>A time span that no timer takes is refused at the start, and not at the first client.</summary>
public sealed class TimeSpanTests
{
    private static readonly TimeSpan Max = TimeSpan.FromMilliseconds(int.MaxValue);

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    public static TheoryData<string> Names { get; } =
    [
        nameof(SocketServerOptions.PingInterval), nameof(SocketServerOptions.PingTimeout), nameof(SocketServerOptions.UpgradeTimeout),
        nameof(SocketServerOptions.SendTimeout), nameof(SocketServerOptions.CloseTimeout), nameof(SocketServerOptions.MessageTimeout),
        nameof(SocketServerOptions.ConnectTimeout), nameof(SocketServerOptions.AckTimeout),
    ];

    [Fact]
    public void Every_time_span_is_looked_at_here() => Assert.Equal(
        typeof(SocketServerOptions).GetProperties().Where(property => property.PropertyType == typeof(TimeSpan)).Select(property => property.Name).Order(),
        Names.Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Zero_and_less_are_refused(string name)
    {
        Assert.Equal(name, Refuse(name, TimeSpan.Zero));
        Assert.Equal(name, Refuse(name, -Tick));
        Validate(name, Tick);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void More_than_24_days_are_refused(string name)
    {
        // The spans of the heartbeat count together; the other one is a second here.
        var max = name.StartsWith("Ping", StringComparison.Ordinal) ? Max - TimeSpan.FromSeconds(1) : Max;

        Validate(name, max - Tick);
        Validate(name, max);
        Assert.StartsWith(name[..4], Refuse(name, max + Tick), StringComparison.Ordinal);
        Refuse(name, TimeSpan.MaxValue / 2);
    }

    [Fact]
    public async Task The_longest_spans_serve_a_client()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing(), Longest);

        foreach (var eio in (int[])[3, 4])
        {
            await using var client = await SocketClient.ConnectAsync(host, eio);
            if (eio == 4) await client.SendAsync("40");
            Assert.StartsWith("40", await client.ReadAsync(), StringComparison.Ordinal);
            await client.AssertAliveAsync();
        }
    }

    private static void Longest(SocketServerOptions options)
    {
        foreach (var row in Names) Set(options, row.Data, Max / (row.Data.StartsWith("Ping", StringComparison.Ordinal) ? 2 : 1));
    }

    private static void Set(SocketServerOptions options, string name, TimeSpan value) => typeof(SocketServerOptions).GetProperty(name)!.SetValue(options, value);

    private static string? Refuse(string name, TimeSpan value) => Assert.ThrowsAny<ArgumentException>(() => Validate(name, value)).ParamName;

    private static void Validate(string name, TimeSpan value)
    {
        var options = new SocketServerOptions { PingInterval = TimeSpan.FromSeconds(1), PingTimeout = TimeSpan.FromSeconds(1) };
        Set(options, name, value);
        options.ValidateAll();
    }
}
