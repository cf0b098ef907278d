using System.Text.Json;
using SocketIOServer.EngineIO;
using SocketIOServer.Json;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>An argument of the client is missing, or does not have the type that the handler takes.</summary>
internal sealed class BindingException(string parameter, Exception? inner = null) : Exception(TextOf(parameter, inner), inner)
{
    private static string TextOf(string parameter, Exception? inner) => inner switch
    {
        UncarriedBinaryException or RetryKeyLengthException => $"Argument \"{parameter}\": {inner.Message}",
        // "$" is the argument itself. A path may have names that the client chose.
        JsonException { Path: { } path } when path.Length > 1 => $"Argument \"{parameter}\" is missing or of another type at {LogText.Of(path)}.",
        // The serializer lists the members of the application's type that are missing.
        JsonException { Message: var message } when message.Contains("required properties", StringComparison.Ordinal) => $"Argument \"{parameter}\" is incomplete. {LogText.Of(message)}",
        _ => $"Argument \"{parameter}\" is missing or of another type.",
    };
}
