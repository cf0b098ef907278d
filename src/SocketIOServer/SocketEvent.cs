using System.Text.Json;
using SocketIOServer.Events;

namespace SocketIOServer;

/// <summary>One event on its way to its handler, as filters see it.</summary>
public sealed class SocketEvent
{
    private readonly EventCall _call;

    internal SocketEvent(EventCall call) => _call = call;

    /// <summary>Who sent it.</summary>
    public ISocket Socket => _call.Socket;

    /// <summary>Its name.</summary>
    public string Name => _call.Name;

    /// <summary>The client asked for an ack.</summary>
    public bool WantsAck => _call.WantsAck;

    /// <summary>The services of this event's scope, which ends with its handler.</summary>
    public IServiceProvider Services => _call.Services;

    /// <summary>The arguments, to look at: binary is base64 text, and leaves as text if it is emitted. Read anew each time.</summary>
    public JsonElement[] ReadArguments() => _call.ReadArguments();
}
