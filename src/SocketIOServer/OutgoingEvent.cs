namespace SocketIOServer;

/// <summary>An event that the program emits, as OnAnyOutgoing sees it: once, however many receive it.</summary>
public sealed class OutgoingEvent
{
    internal OutgoingEvent(string name, object?[] arguments, ISocket? socket, IReadOnlyList<string> rooms, IReadOnlyList<string> except) =>
        (Name, Arguments, Socket, Rooms, Except) = (name, arguments, socket, rooms, except);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The arguments as the program gave them; what they are afterwards is theirs.</summary>
    public IReadOnlyList<object?> Arguments { get; }

    /// <summary>The one that it goes to; null for a broadcast.</summary>
    public ISocket? Socket { get; }

    /// <summary>The rooms that a broadcast goes to; none: the whole namespace.</summary>
    public IReadOnlyList<string> Rooms { get; }

    /// <summary>The rooms that a broadcast leaves out, ids of sockets among them.</summary>
    public IReadOnlyList<string> Except { get; }
}
