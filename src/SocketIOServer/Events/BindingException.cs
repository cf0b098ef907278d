using SocketIOServer.Json;

namespace SocketIOServer.Events;

/// <summary>An argument that a client sent is missing, or not what the handler takes.</summary>
internal sealed class BindingException(string parameter, Exception? inner = null)
    : Exception(inner is UncarriedBinaryException ? $"Argument \"{parameter}\": {inner.Message}" : $"Argument \"{parameter}\" is missing or of another type.", inner);
