namespace SocketIOServer;

/// <summary>An event that the program emits, as OnAnyOutgoing gets it: once for each emit, whatever the number of receivers.</summary>
public sealed class OutgoingEvent
{
    internal OutgoingEvent(string name, object?[] arguments, string @namespace, ISocket? socket, IReadOnlyList<string> rooms, IReadOnlyList<string> except) =>
        (Name, Arguments, Namespace, Socket, Rooms, Except) = (name, arguments, @namespace, socket, rooms, except);

    /// <summary>The name of the event.</summary>
    public string Name { get; }

    /// <summary>The arguments as the program passed them. The program may change the objects later.</summary>
    public IReadOnlyList<object?> Arguments { get; }

    /// <summary>The name of the namespace, "/" for the default one.</summary>
    public string Namespace { get; }

    /// <summary>The receiver; null for a broadcast.</summary>
    public ISocket? Socket { get; }

    /// <summary>The rooms that a broadcast goes to. Empty: the whole namespace, or one socket.</summary>
    public IReadOnlyList<string> Rooms { get; }

    /// <summary>The rooms whose sockets do not get a broadcast, ids of sockets included.</summary>
    public IReadOnlyList<string> Except { get; }
}
