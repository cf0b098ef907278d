namespace SocketIOServer.Adapters;

/// <summary>An event that was encoded once and is the same for every receiver. Immutable; any thread may keep and send it.</summary>
public readonly record struct EncodedEvent
{
    private readonly AdapterContext _context;

    internal EncodedEvent(OutgoingMessage message, AdapterContext context) => (Message, _context) = (message, context);

    internal OutgoingMessage Message { get; }

    /// <summary>
    /// The event as it travels between processes, whichever parser the clients use: its JSON is an array of the event's name and its arguments, in which
    /// <c>{"_placeholder":true,"num":0}</c> stands for the first attachment. <see cref="AdapterContext.TryEncode"/> turns it back into an event.
    /// </summary>
    public (ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Attachments) Read() => _context.Parser.ReadEvent(Message, _context.Utf8Name);
}
