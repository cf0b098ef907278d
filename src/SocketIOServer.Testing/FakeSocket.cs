using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using SocketIOServer.Json;

namespace SocketIOServer.Testing;

/// <summary>
/// A socket for unit tests of one handler or one controller, without a server and a client. It records what the code under test emits and does, and it answers
/// calls as the test tells it. For whole conversations use <see cref="SocketIOTestHost"/>. All members may be used from any thread.
/// </summary>
/// <remarks>Arguments are recorded as objects: nothing is serialized, and nobody else is in the namespace.</remarks>
/// <example>
/// <code>
/// var socket = new FakeSocket { UserId = "ann" };
/// socket.Answer("are you sure?", true);
///
/// await socket.Attach(new Rooms()).Close("lobby");
///
/// Assert.Equal("closed", socket.Broadcasts[0].Name);
/// Assert.DoesNotContain("lobby", socket.Rooms);
/// </code>
/// </example>
#pragma warning disable CA1001 // A CancellationTokenSource without a timer and a wait handle holds nothing that has to be disposed of.
public sealed class FakeSocket : ISocket
#pragma warning restore CA1001
{
    private static int _count;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disconnected = new();
    private readonly List<OutgoingEvent> _emitted = [];
    private readonly List<OutgoingEvent> _broadcasts = [];
    private readonly List<RoomChange> _roomChanges = [];
    private readonly List<string> _rooms = [];
    private readonly List<(string Name, Delegate Handler)> _handlers = [];
    private readonly List<Delegate> _anyHandlers = [];
    private readonly Dictionary<string, Func<IReadOnlyList<object?>, object?>> _answers = new(StringComparer.Ordinal);
    private Action<OutgoingEvent>? _observers;
    private LeaveReason _leaveReason;

    /// <summary>The id. By default each fake has another one.</summary>
    public string Id { get; init; } = $"fake-{Interlocked.Increment(ref _count)}";

    /// <summary>The name of the namespace. Default "/".</summary>
    public string Namespace { get; init; } = "/";

    /// <summary>The user. By default nobody is signed in.</summary>
    public ClaimsPrincipal User { get; init; } = new(new ClaimsIdentity());

    /// <summary>The id of the user. By default the name identifier of <see cref="User"/>, or null.</summary>
    public string? UserId { get => field ?? User.FindFirst(ClaimTypes.NameIdentifier)?.Value; init; }

    /// <summary>What the client sent when it connected. Default: nothing.</summary>
    public Handshake Handshake { get; init; } = new();

    /// <summary>The values that the code under test keeps with the socket. A test can set them too.</summary>
    public SocketData Data { get; } = new();

    /// <summary>The transport. Default WebSocket.</summary>
    public TransportKind Transport { get; init; } = TransportKind.WebSocket;

    /// <summary>The rooms that the socket is in, its own id included. After it has left: the rooms that it was in.</summary>
    public IReadOnlyCollection<string> Rooms
    {
        get
        {
            lock (_gate) return [Id, .. _rooms];
        }
    }

    /// <summary>Whether the socket has not left.</summary>
    public bool IsConnected => !_disconnected.IsCancellationRequested;

    /// <summary>Whether the client has its session back. Default false.</summary>
    public bool Recovered { get; set; }

    /// <summary>Cancelled when the socket leaves.</summary>
    public CancellationToken Disconnected => _disconnected.Token;

    /// <summary>The events that were emitted to this socket alone, calls included, in order. A copy.</summary>
    public IReadOnlyList<OutgoingEvent> Emitted
    {
        get
        {
            lock (_gate) return [.. _emitted];
        }
    }

    /// <summary>
    /// The events that were emitted to sets of sockets, through Broadcast, To, Except, Everyone or Of, in order. A copy. What excludes this socket has its id in
    /// <see cref="OutgoingEvent.Except"/>.
    /// </summary>
    public IReadOnlyList<OutgoingEvent> Broadcasts
    {
        get
        {
            lock (_gate) return [.. _broadcasts];
        }
    }

    /// <summary>The rooms that the socket has joined and left, in order. A copy.</summary>
    public IReadOnlyList<RoomChange> RoomChanges
    {
        get
        {
            lock (_gate) return [.. _roomChanges];
        }
    }

    /// <summary>Why the socket left: <see cref="LeaveReason.ServerNamespaceDisconnect"/> after DisconnectAsync. The default value while it is connected.</summary>
    public LeaveReason LeaveReason
    {
        get
        {
            lock (_gate) return _leaveReason;
        }
    }

    /// <summary>The handlers that OnAny has added, in order. A copy. The test calls them itself.</summary>
    public IReadOnlyList<Delegate> AnyHandlers
    {
        get
        {
            lock (_gate) return [.. _anyHandlers];
        }
    }

    /// <summary>Whether DisconnectAsync was called with <c>close: true</c>.</summary>
    public bool IsConnectionClosed { get; private set; }

    /// <inheritdoc/>
    public IBroadcast Broadcast => Everyone.Except(Id);

    /// <inheritdoc/>
    public ISocketNamespace Everyone => new FakeNamespace(this, Namespace, [], []);

    /// <summary>Records like the socket itself.</summary>
    public IEmitter Volatile => this;

    /// <inheritdoc/>
    public IEmitter Durable => this;

    /// <summary>Records like the socket itself.</summary>
    public IEmitter Compress(bool compress) => this;

    /// <inheritdoc/>
    public IBroadcast To(params ReadOnlySpan<string> rooms) => Broadcast.To(rooms);

    /// <inheritdoc/>
    public IBroadcast Except(params ReadOnlySpan<string> rooms) => Broadcast.Except(rooms);

    /// <summary>Another namespace, which nobody is in. What is emitted to it is in <see cref="Broadcasts"/>.</summary>
    public ISocketNamespace Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new FakeNamespace(this, name.StartsWith('/') ? name : "/" + name, [], []);
    }

    /// <summary>Gives a controller this socket, as the server does before it calls a method.</summary>
    /// <param name="controller">The controller under test.</param>
    /// <returns>The controller.</returns>
    public TController Attach<TController>(TController controller)
        where TController : SocketController
    {
        ArgumentNullException.ThrowIfNull(controller);
        controller.Attach(this, Everyone);
        return controller;
    }

    /// <summary>Answers every call of an event with a value. A later answer to the same event replaces it.</summary>
    /// <param name="name">The event.</param>
    /// <param name="answer">The answer, of the type that the caller asks for.</param>
    public void Answer(string name, object? answer) => AnswerWith(name, _ => answer);

    /// <summary>Answers every call of an event with what a function returns. What it throws comes out of the call.</summary>
    /// <param name="name">The event.</param>
    /// <param name="answer">Makes the answer, of the type that the caller asks for, from the arguments.</param>
    public void AnswerWith(string name, Func<IReadOnlyList<object?>, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        lock (_gate) _answers[name] = answer;
    }

    /// <summary>The client leaves.</summary>
    /// <param name="reason">Why; the default value stands for <see cref="LeaveReason.TransportClose"/>.</param>
    public void Drop(LeaveReason reason = default) => Leave(reason == default ? LeaveReason.TransportClose : reason);

    /// <summary>The handlers that On and Once have added for an event, in order. A copy. The test calls them itself.</summary>
    public IReadOnlyList<Delegate> Handlers(string name)
    {
        lock (_gate) return [.. _handlers.Where(entry => entry.Name == name).Select(entry => entry.Handler)];
    }

    /// <summary>Records the event in <see cref="Emitted"/>. An event for a socket that has left is not recorded, since no client gets it.</summary>
    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        PacketEncoder.CheckName(name);
        if (IsConnected) Record(new(name, args.ToArray(), Namespace, this, [], []));
        return default;
    }

    /// <summary>Records the event in <see cref="Emitted"/> and returns what <see cref="Answer(string, object)"/> has set.</summary>
    /// <exception cref="SocketDisconnectedException">The socket has left.</exception>
    /// <exception cref="TimeoutException">The test has set no answer. The fake does not wait.</exception>
    /// <exception cref="InvalidCastException">The answer is not a <typeparamref name="T"/>.</exception>
    public Task<T> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        try
        {
            PacketEncoder.CheckName(name);
            cancel.ThrowIfCancellationRequested();
            if (!IsConnected) throw new SocketDisconnectedException(LeaveReason);
            var sent = args.ToArray();
            Record(new(name, sent, Namespace, this, [], []));
            return TryAnswer<T>(name, sent, out var answer)
                ? Task.FromResult(answer!)
                : throw new TimeoutException($"The fake socket has no answer to \"{name}\". Set one with Answer(\"{name}\", …).");
        }
        catch (Exception e)
        {
            // As the real one: a call fails where it is awaited.
            return Task.FromException<T>(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms)
    {
        lock (_gate)
        {
            foreach (var room in rooms)
            {
                ArgumentNullException.ThrowIfNull(room);
                if (!IsConnected || room == Id || _rooms.Contains(room)) continue;
                _rooms.Add(room);
                _roomChanges.Add(new(RoomChangeKind.Joined, room, this));
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms)
    {
        lock (_gate)
        {
            foreach (var room in rooms)
            {
                if (IsConnected && _rooms.Remove(room)) _roomChanges.Add(new(RoomChangeKind.Left, room, this));
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisconnectAsync(bool close = false)
    {
        if (IsConnected) IsConnectionClosed = close;
        Leave(LeaveReason.ServerNamespaceDisconnect);
        return default;
    }

    /// <summary>Records the handler: see <see cref="Handlers"/>.</summary>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public void On(string name, Delegate handler)
    {
        PacketEncoder.CheckName(name);
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate) _handlers.Add((name, handler));
    }

    /// <summary>Records the handler: see <see cref="Handlers"/>.</summary>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public void Once(string name, Delegate handler) => On(name, handler);

    /// <inheritdoc/>
    public void Off(string? name = null)
    {
        lock (_gate) _handlers.RemoveAll(entry => name is null || entry.Name == name);
    }

    /// <summary>Records the handler: see <see cref="AnyHandlers"/>.</summary>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public void OnAny(Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate) _anyHandlers.Add(handler);
    }

    /// <inheritdoc/>
    public void OffAny()
    {
        lock (_gate) _anyHandlers.Clear();
    }

    /// <summary>Calls the observer with each event that is recorded in <see cref="Emitted"/>.</summary>
    public void OnAnyOutgoing(Action<OutgoingEvent> observer)
    {
        lock (_gate) _observers += observer;
    }

    /// <inheritdoc/>
    public void OffAnyOutgoing()
    {
        lock (_gate) _observers = null;
    }

    internal void RecordBroadcast(OutgoingEvent sent)
    {
        lock (_gate) _broadcasts.Add(sent);
    }

    /// <summary>False: the test has set no answer.</summary>
    internal bool TryAnswer<T>(string name, object?[] args, out T? answer)
    {
        answer = default;
        Func<IReadOnlyList<object?>, object?>? make;
        lock (_gate)
        {
            if (!_answers.TryGetValue(name, out make)) return false;
        }

        var value = make(args);
        if (value is T typed) answer = typed;
        else if (value is not null || default(T) is not null)
            throw new InvalidCastException($"The answer to \"{name}\" is {value?.GetType().ToString() ?? "null"}, and the caller asks for {typeof(T)}.");
        return true;
    }

    private void Record(OutgoingEvent sent)
    {
        Action<OutgoingEvent>? observers;
        lock (_gate)
        {
            _emitted.Add(sent);
            observers = _observers;
        }

        observers?.Invoke(sent);
    }

    private void Leave(LeaveReason reason)
    {
        lock (_gate)
        {
            if (_leaveReason != default) return;
            _leaveReason = reason;
        }

        _disconnected.Cancel();
    }
}
