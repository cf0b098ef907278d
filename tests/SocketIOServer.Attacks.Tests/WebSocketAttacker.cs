namespace SocketIOServer.Attacks.Tests;

internal sealed class WebSocketAttacker(RawWebSocket socket, string sid) : Attacker
{
    private const byte Text = 0x81;
    private const byte Binary = 0x82;

    public override string Name => "websocket";

    public override string Sid => sid;

    public static async Task<Attacker> OpenAsync(TestHost host)
    {
        var socket = new RawWebSocket(await RawWebSocket.UpgradeAsync(host, Requests.WebSocket));
        return new WebSocketAttacker(socket, (await socket.ReadAsync()).Split('"')[3]);
    }

    public override string EndFor(string outcome) => outcome switch
    {
        Outcome.Alive => outcome,
        Outcome.InvalidUtf8 => "88 1007",
        Outcome.TooLarge => "88 1009",
        _ => "88 1000",
    };

    public override string ReasonFor(string outcome) => outcome switch
    {
        Outcome.InvalidUtf8 => "transport close",
        Outcome.TooLarge => "transport error",
        _ => outcome,
    };

    public override Task PushAsync(params string[] messages) =>
        socket.SendAsync([.. messages.Select(message => RawWebSocket.Frame(Message.IsBinary(message) ? Binary : Text, Message.Bytes(message)))]);

    public override ValueTask DisposeAsync() => socket.DisposeAsync();

    protected override async Task<string> JoinAsync()
    {
        await socket.SendAsync(RawWebSocket.Frame(Text, "40"));
        return (await socket.ReadAsync())[3..];
    }

    protected override async Task<string> SendAsync(string[] messages, List<string> replies)
    {
        await PushAsync([.. messages, Question]);
        while (true)
        {
            var frame = await socket.ReadAsync();
            if (frame.StartsWith("88 ", StringComparison.Ordinal)) return frame;
            if (frame == "81 " + Answer) return "alive";
            replies.Add(frame.StartsWith("81 ", StringComparison.Ordinal) ? frame[3..] : "b:" + frame[3..]);
        }
    }
}
