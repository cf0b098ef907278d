using System.Net.WebSockets;

namespace SocketIOServer.Tests.Faults;

/// <summary>
/// The program throws at every place where the server calls it (ATTACKS A75), in a process of its own: it lives, a witness hears nothing of it, the
/// exception is logged once, and nothing is left.
/// </summary>
public sealed class UserCodeTests(FaultyProcess program) : IClassFixture<FaultyProcess>
{
    private static readonly string[] Kinds = ["invalid", "cancelled", "disposed", "json", "unreadable"];

    public static TheoryData<string, string> Cases =>
        [.. from place in Places.All.Values from transport in new[] { "websocket", "polling" } where (place.Transport ?? transport) == transport select (place.Name, transport)];

    [Theory, MemberData(nameof(Cases))]
    public async Task It_ends_what_it_must_and_nothing_else(string name, string transport)
    {
        var place = Places.All[name];
        foreach (var kind in place.IsAlways ? Kinds[..1] : Kinds)
        {
            await program.ArmAsync(name, kind);

            if (place.IsFree) await GoFreelyAsync(place, transport);
            else if (place.HasNoSession) await Assert.ThrowsAnyAsync<Exception>(() => WireClient.OpenAsync(transport, program.Http, place.Header));
            else await GoAsync(place, transport, kind);

            var state = await program.EndAsync(isThrown: !place.IsAlways, place.IsToldOnce ? 0 : place.ErrorsOf(kind));
            Assert.True(place.IsToldOnce ? state.Errors.Length <= 1 : state.Errors.Length == place.ErrorsOf(kind), $"{kind}: {state}");
        }
    }

    [Fact]
    public async Task No_task_is_left_whose_exception_nobody_has_seen()
    {
        var exceptions = await program.ReadUnobservedAsync();
        Assert.True(exceptions.Length == 0, string.Join('\n', exceptions));
    }

    private async Task GoAsync(Place place, string transport, string kind)
    {
        await using var client = await WireClient.OpenAsync(transport, program.Http, place.Header);
        await client.SendAsync($"40/{place.Name},{place.Auth}");
        var joined = await client.ReadAsync();
        if (place.Refusal is not null)
        {
            // What says that the client's value does not fit is the client's fault.
            var refusal = place.IsForValues && place.ErrorsOf(kind) == 0 ? place.Refusal.Replace("failed", "invalid_arguments", StringComparison.Ordinal) : place.Refusal;
            Assert.Equal($"44/{place.Name},{refusal}", joined);
            return;
        }

        Assert.StartsWith($"40/{place.Name},", joined, StringComparison.Ordinal);
        if (!place.IsSilent) await client.SendAsync($"""42/{place.Name},1["go"{place.Arguments}]""");
        var (ack, events) = await PingAsync(client, place.Name);
        Assert.Equal(place.Ack ?? (place.IsSilent ? null : place.ErrorsOf(kind) == 0 && place.IsForValues ? """[{"error":"invalid arguments"}]""" : """[{"error":"failed"}]"""), ack);
        Assert.Equal(place.Events, events);
    }

    // Answers what it is asked; everything else is over when the answer to its own question is there.
    private static async Task<(string? Ack, string[] Events)> PingAsync(WireClient client, string name)
    {
        string? ack = null;
        var events = new List<string>();
        await client.SendAsync($"""42/{name},2["ping"]""");
        while (true)
        {
            var packet = await client.ReadAsync();
            Assert.NotNull(packet);
            var rest = packet[(packet.IndexOf(',', StringComparison.Ordinal) + 1)..];
            if (packet == $"""43/{name},2["pong"]""") return (ack, [.. events]);
            if (rest.StartsWith("0[\"q\"", StringComparison.Ordinal)) await client.SendAsync($$"""43/{{name}},0[{"value":"x"}]""");
            else if (packet.StartsWith("43", StringComparison.Ordinal)) ack = rest[1..];
            else events.Add(rest);
        }
    }

    // Whether it gets in, and how far, depends on when the fault strikes.
    private async Task GoFreelyAsync(Place place, string transport)
    {
        try
        {
            await using var client = await WireClient.OpenAsync(transport, program.Http, place.Header);
            await client.SendAsync($"40/{place.Name},");
            await client.ReadAsync();
            await client.SendAsync($"""42/{place.Name},1["go"]""");
        }
        catch (Exception e) when (e is HttpRequestException or WebSocketException)
        {
            // Refused, or ended.
        }
    }
}
