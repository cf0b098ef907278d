using System.Text.Json;

namespace SocketIOServer.Attacks.Tests;

internal sealed class PollingAttacker(TestHost host, string sid) : Attacker
{
    private RawConnection? _raw;

    public override string Name => "polling";

    public override string Sid => sid;

    public string Target => $"{Requests.Polling}&sid={sid}";

    public static async Task<Attacker> OpenAsync(TestHost host)
    {
        var open = (await host.GetAsync(Requests.Polling)).Body;
        return new PollingAttacker(host, JsonDocument.Parse(open[1..]).RootElement.GetProperty("sid").GetString()!);
    }

    // The answer to the POST that the violation is in, and to the next request of the session.
    public override string EndFor(string outcome) => outcome switch
    {
        Outcome.Alive => outcome,
        Outcome.ForcedClose => $"200 {Reply.UnknownSession}",
        Outcome.TooLarge => $"413 {Reply.UnknownSession}",
        _ => $"400 {Reply.UnknownSession}",
    };

    public override string ReasonFor(string outcome) => outcome switch
    {
        Outcome.InvalidUtf8 => Outcome.ParseError,
        Outcome.TooLarge => "transport error",
        _ => outcome,
    };

    public async Task<Reply> AskAsync(string method, byte[]? body = null, string headers = "")
    {
        _raw ??= await RawConnection.OpenAsync(host.Address);
        await _raw.SendAsync(Requests.Bytes(method, Target, body, headers));
        var reply = await Reply.ReadAsync(_raw);
        if (reply.IsLast) await EndConnectionAsync();
        return reply;
    }

    public override async Task PushAsync(params string[] messages) => Assert.Equal(200, (await AskAsync("POST", Message.Payload(messages))).Status);

    // A session that polls knows no end of its connection: it says so, and takes the farewell.
    public override async ValueTask DisposeAsync()
    {
        if ((await AskAsync("POST", "1"u8.ToArray())).Status == 200) await AskAsync("GET");
        await EndConnectionAsync();
    }

    protected override async Task<string> JoinAsync()
    {
        await AskAsync("POST", "40"u8.ToArray());
        return (await AskAsync("GET")).Body;
    }

    protected override async Task<string> SendAsync(string[] messages, List<string> replies)
    {
        var attack = await AskAsync("POST", Message.Payload(messages is [] ? ["3"] : messages));
        var next = await AskAsync("POST", Message.Payload(Question));
        if (next.Status != 200) return $"{attack.Status} {next.Body}";
        while (true)
        {
            foreach (var packet in (await AskAsync("GET")).Body.Split('\u001e'))
            {
                if (packet == Answer) return "alive";
                replies.Add(packet.StartsWith('b') ? "b:" + Convert.ToHexStringLower(Convert.FromBase64String(packet[1..])) : packet);
            }
        }
    }

    private async Task EndConnectionAsync()
    {
        if (_raw is not null) await _raw.DisposeAsync();
        _raw = null;
    }
}
