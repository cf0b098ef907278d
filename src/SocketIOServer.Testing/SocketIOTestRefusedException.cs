using System.Text.Json;

namespace SocketIOServer.Testing;

/// <summary>The server did not let a client in; the message is the one that the client is given.</summary>
public sealed class SocketIOTestRefusedException : Exception
{
    internal SocketIOTestRefusedException(string message, JsonElement payload)
        : base(message) => Payload = payload;

    /// <summary>What the server sent beside the message; <see cref="JsonValueKind.Undefined"/> when that was nothing.</summary>
    public JsonElement Payload { get; }
}
