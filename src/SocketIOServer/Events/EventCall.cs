using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Json;
using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Sockets;

namespace SocketIOServer.Events;

/// <summary>One run of a handler: what its parameters can be filled from, and its answer.</summary>
internal sealed class EventCall
{
    private readonly Socket _socket;
    private readonly Namespace _namespace;
    private readonly long _ackId = SocketPacket.NoId;
    private AsyncServiceScope? _scope;
    private JsonArguments _arguments;

    public EventCall(Socket socket, Namespace @namespace, LeaveReason reason = default) =>
        (_socket, _namespace, Reason) = (socket, @namespace, reason);

    /// <summary>The packet's memory is borrowed: read before the handler first waits.</summary>
    public EventCall(Socket socket, Namespace @namespace, in SocketPacket packet)
        : this(socket, @namespace)
    {
        _ackId = packet.Id;
        _arguments = new(packet, @namespace.Encoder.Options);
    }

    public ISocket Socket => _socket;

    public ISocketServer Server => _namespace.Server.Facade;

    public ISocketNamespace Namespace => _namespace;

    public Handshake Handshake => _socket.Handshake;

    public ClaimsPrincipal User => _socket.User;

    public CancellationToken Disconnected => _socket.Disconnected;

    public LeaveReason Reason { get; }

    public bool HasScope => _scope is not null;

    public T Service<T>()
        where T : notnull
    {
        _scope ??= _namespace.Server.Services.CreateAsyncScope();
        return _scope.Value.ServiceProvider.GetRequiredService<T>();
    }

    public T? Argument<T>(ParameterSlot slot)
    {
        try
        {
            if (!_arguments.TryRead<T>(out var value)) return Default<T>(slot);
            return value is not null || slot.AllowsNull ? value : throw new BindingException(slot.Name);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            // What System.Text.Json and converters throw for text that is no T.
            throw new BindingException(slot.Name, e);
        }
    }

    public JsonElement[] Elements(ParameterSlot slot)
    {
        try
        {
            return _arguments.ReadElements();
        }
        catch (JsonException e)
        {
            throw new BindingException(slot.Name, e);
        }
    }

    public JsonNode?[] Nodes(ParameterSlot slot)
    {
        try
        {
            return _arguments.ReadNodes();
        }
        catch (JsonException e)
        {
            throw new BindingException(slot.Name, e);
        }
    }

    public ValueTask Complete()
    {
        if (_ackId >= 0) Answer(_namespace.Encoder.Ack<object?>(_namespace.Utf8Name, _ackId, hasValue: false, null));
        return default;
    }

    public ValueTask Complete<T>(T value)
    {
        if (_ackId < 0) return default;
        Answer(value switch
        {
            AckArguments several => _namespace.Encoder.AckArgs(_namespace.Utf8Name, _ackId, several.Values),
            ITuple tuple when typeof(T).IsValueType => _namespace.Encoder.AckArgs(_namespace.Utf8Name, _ackId, Items(tuple)),
            _ => _namespace.Encoder.Ack(_namespace.Utf8Name, _ackId, hasValue: true, value),
        });
        return default;
    }

    public ValueTask CompleteAsync(ValueTask task) => task.IsCompletedSuccessfully ? Complete() : AwaitAsync(task);

    public ValueTask CompleteAsync(Task task) => CompleteAsync(new ValueTask(task));

    public ValueTask CompleteAsync<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? Complete(task.GetAwaiter().GetResult()) : AwaitAsync(task);

    public ValueTask CompleteAsync<T>(Task<T> task) => CompleteAsync(new ValueTask<T>(task));

    public async ValueTask DisposeScopeAsync()
    {
        if (_scope is { } scope) await scope.DisposeAsync();
    }

    private static T? Default<T>(ParameterSlot slot)
    {
        if (!slot.IsOptional) throw new BindingException(slot.Name);
        return slot.Default is null ? default : (T)slot.Default;
    }

    private static object?[] Items(ITuple tuple)
    {
        var items = new object?[tuple.Length];
        for (var i = 0; i < items.Length; i++) items[i] = tuple[i];
        return items;
    }

    private void Answer(Protocol.EngineIO.OutgoingMessage ack) => _socket.Deliver(ack, isVolatile: false);

    private async ValueTask AwaitAsync(ValueTask task)
    {
        await task;
        await Complete();
    }

    private async ValueTask AwaitAsync<T>(ValueTask<T> task) => await Complete(await task);
}
