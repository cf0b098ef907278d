using System.Text.Json;

namespace SocketIOServer.Tests.Acks;

/// <summary>A type that checks what it is made of, as records of programs do.</summary>
public sealed record Guarded
{
    public Guarded(string value) => throw value switch
    {
        "argument" => new ArgumentException(value),
        "cancelled" => new OperationCanceledException(value),
        "disposed" => new UnknownObjectException(value),
        "json" => new JsonException(value),
        _ => new NotImplementedException(value),
    };

    public string Value { get; } = "";

    private sealed class UnknownObjectException(string message) : ObjectDisposedException(null, message);
}
