using System.Text.Json;
using SocketIOServer.Events;

namespace SocketIOServer;

/// <summary>An event on its way to the handler, as filters get it.</summary>
public sealed class SocketEvent
{
    private readonly EventCall _call;

    internal SocketEvent(EventCall call) => _call = call;

    /// <summary>The socket that sent it.</summary>
    public ISocket Socket => _call.Socket;

    /// <summary>The name of the event.</summary>
    public string Name => _call.Name;

    /// <summary>Whether the client asked for an ack.</summary>
    public bool WantsAck => _call.WantsAck;

    /// <summary>The services of this event's scope. The scope ends with the handler.</summary>
    public IServiceProvider Services => _call.Services;

    /// <summary>The arguments, to observe them: binary is base64 text, and is sent as text if it is emitted. They are read again at each call.</summary>
    public JsonElement[] ReadArguments() => _call.ReadArguments();
}
