namespace LoadGenerator;

/// <summary>A WebSocket with no protocol above: the frames of Socket.IO, returned as they are.</summary>
internal sealed class RawDialect : Dialect
{
    public override string Path => "/echo";

    public override string BroadcastPath => "/bcast";

    public override IReadOnlyList<Step> Opening => [];

    public override Exchange? Event(string name, string arguments, string answer)
    {
        var text = $"42[\"{name}\",{arguments}]";
        return arguments == answer ? new(Frames.Build(text), Text(text)) : null;
    }

    public override Exchange? Binary(string name, byte[] bytes) => new(Frames.Build(Frames.Binary, bytes), new Message(Frames.Binary, bytes));
}
