using System.Security.Claims;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>
/// A program's own implementations of the interfaces, with what they have to have and no more. If this does not compile because a member is missing, the member
/// breaks every such program: give it a default (docs/decisions/0035).
/// </summary>
internal sealed class HandWrittenSocket : ISocket
{
    public List<string> Sent { get; } = [];

    public string Id => "hand-written";

    public string Namespace => "/";

    public string? UserId => null;

    public IReadOnlyCollection<string> Rooms => [Id];

    public SocketData Data { get; } = new();

    public Handshake Handshake { get; } = new();

    public ClaimsPrincipal User { get; } = new();

    public TransportKind Transport => TransportKind.Polling;

    public bool IsConnected => true;

    public CancellationToken Disconnected => CancellationToken.None;

    public IBroadcast Broadcast => Everyone;

    public ISocketNamespace Everyone => new HandWrittenServer(this);

    public IEmitter Volatile => this;

    public IEmitter Compress(bool compress) => this;

    public IBroadcast To(params ReadOnlySpan<string> rooms) => Everyone;

    public IBroadcast Except(params ReadOnlySpan<string> rooms) => Everyone;

    public ISocketNamespace Of(string name) => Everyone;

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        Sent.Add($"{name}({string.Join(',', args)})");
        return default;
    }

    public Task<T> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        Task.FromResult((T)args[0]!);

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => default;

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => default;

    public ValueTask DisconnectAsync(bool close = false) => default;

    public void On(string name, Delegate handler)
    {
    }

    public void Once(string name, Delegate handler)
    {
    }

    public void Off(string? name = null)
    {
    }

    public void OnAny(Delegate handler)
    {
    }

    public void OffAny()
    {
    }

    public void OnAnyOutgoing(Action<OutgoingEvent> observer)
    {
    }

    public void OffAnyOutgoing()
    {
    }
}
