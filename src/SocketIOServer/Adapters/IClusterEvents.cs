namespace SocketIOServer.Adapters;

/// <summary>The handlers that a namespace has for events of other servers.</summary>
internal interface IClusterEvents
{
    /// <summary>Events of this server or of others may have been lost until now. Does not wait, and does not throw.</summary>
    void OnReconnected();

    /// <summary>Runs the handler of an event. Does not wait, does not throw, and begins the handlers in the order of the calls.</summary>
    /// <param name="json">An array of the event's name and its arguments.</param>
    /// <param name="attachments">Its binary arguments.</param>
    /// <param name="answer">Called once, on any thread: with one value as JSON, empty where the handler returned nothing; null where nobody has answered. Null: no answer is wanted.</param>
    void Handle(ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, Action<ReadOnlyMemory<byte>?, IReadOnlyList<ReadOnlyMemory<byte>>>? answer);
}
