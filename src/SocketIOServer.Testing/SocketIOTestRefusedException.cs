using System.Text.Json;

namespace SocketIOServer.Testing;

/// <summary>The server refused a client. The message is the one that the client received.</summary>
public sealed class SocketIOTestRefusedException : Exception
{
    internal SocketIOTestRefusedException(string message, JsonElement payload)
        : base(message) => Payload = payload;

    /// <summary>The data that the server sent with the message. <see cref="JsonValueKind.Undefined"/> if there was none.</summary>
    public JsonElement Payload { get; }
}
