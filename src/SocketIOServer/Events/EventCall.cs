using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Json;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>One call of a handler: it provides the values of the parameters, and sends the ack.</summary>
internal sealed class EventCall
{
    private readonly EventSocket _socket;
    private readonly NamespaceContext _namespace;
    private readonly long _ackId = SocketPacket.NoId;
    private AsyncServiceScope? _scope;
    private ConcurrentStack<object>? _created;
    private JsonArguments _arguments;
    private bool _hasResult;
    private object? _result;
    private Type _declared = typeof(object);
    private TaskCompletionSource? _begun;
    private bool _keepsAnswer;

    public EventCall(EventSocket socket, string name, LeaveReason reason = default) => (_socket, _namespace, Name, Reason) = (socket, socket.Context, name, reason);

    /// <summary>The packet's memory is borrowed, so it must be read before the handler first waits.</summary>
    /// <param name="socket">The sender.</param>
    /// <param name="name">The event.</param>
    /// <param name="packet">The packet of the event.</param>
    /// <param name="looksOn">Whether the handler only observes: it is for OnAny.</param>
    public EventCall(EventSocket socket, string name, in SocketPacket packet, bool looksOn = false)
        : this(socket, name)
    {
        IsEvent = !looksOn;
        _ackId = packet.Id;
        Size = packet.Size;
        _arguments = new(packet, _namespace.Encoder);
        if (looksOn) _arguments = _arguments.ForLooking();
    }

    /// <summary>An event of another server: there is no socket, and what the handler returns is held.</summary>
    public EventCall(NamespaceContext @namespace, string name, in SocketPacket packet)
    {
        // HandlerKind.Cluster: the binder has refused every parameter that would ask for it.
        _socket = null!;
        (_namespace, Name) = (@namespace, name);
        _arguments = new(packet, @namespace.Encoder);
    }

    /// <summary>The name of the event or the hook.</summary>
    public string Name { get; }

    public bool WantsAck => _ackId >= 0;

    /// <summary>Which handler of the event it calls: 0 is that of the namespace, and those of the socket follow.</summary>
    public int HandlerIndex { get; init; }

    /// <summary>The ack that the event got, if <see cref="KeepAnswer"/> was called. Null: it was not handled.</summary>
    public KeptAck? KeptAck { get; private set; }

    /// <summary>The size of the packet in bytes.</summary>
    public long Size { get; }

    /// <summary>Whether it is an event of a client, not a hook and not OnAny.</summary>
    public bool IsEvent { get; }

    public EventSocket Sender => _socket;

    /// <summary>The sender as handlers get it.</summary>
    public ISocket Socket => _socket.Public;

    public ISocketServer Server => _namespace.Server.Public;

    public NamespaceContext Namespace => _namespace;

    /// <summary>The namespace as handlers get it.</summary>
    public ISocketNamespace Everyone => _namespace.Everyone;

    public Handshake Handshake => _socket.Handshake;

    public ClaimsPrincipal User => _socket.User;

    /// <summary>The session of the client, while a handler runs that takes it.</summary>
    public ISession? Session { get; set; }

    /// <summary>Completes when a handler that waits for its session has begun. Read it before the call. It never completes for other handlers.</summary>
    public Task Begun => (_begun ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>
    /// Cancelled when the socket has left. For OnDisconnecting and OnDisconnected, cancelled when a stop of the server waits no longer.
    /// </summary>
    public CancellationToken Disconnected => _socket is not null && Reason == default ? _socket.Disconnected : _namespace.Server.Running.Abandoned;

    public LeaveReason Reason { get; }

    /// <summary>Completes <see cref="Begun"/>: the session was loaded, and the handler has been called.</summary>
    public void SetBegun() => _begun?.TrySetResult();

    public bool HasScope => _scope is not null;

    /// <summary>The services of the scope of this call, which ends with it.</summary>
    public IServiceProvider Services => (_scope ??= _namespace.Server.Services.CreateAsyncScope()).ServiceProvider;

    public T? Service<T>(ParameterSlot slot) => slot.IsOptional ? Services.GetService<T>() : (T)Services.GetRequiredService(typeof(T));

    public T? KeyedService<T>(object? key, ParameterSlot slot) =>
        slot.IsOptional ? Services.GetKeyedService<T>(key) : (T)Services.GetRequiredKeyedService(typeof(T), key);

    /// <summary>Creates the controller whose method is the handler.</summary>
    public T Instance<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : SocketController
    {
        var instance = ServiceOrNew<T>();
        instance.Attach(Socket, Everyone);
        return instance;
    }

    /// <summary>A controller or a filter: the registered one, or a new one, which is disposed of before the services of the scope.</summary>
    public T ServiceOrNew<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class
    {
        if (Services.GetService<T>() is { } registered) return registered;
        var created = ActivatorUtilities.CreateInstance<T>(Services);
        // The container disposes only of what it has created.
        if (created is IDisposable or IAsyncDisposable)
            (_created ?? Interlocked.CompareExchange(ref _created, new(), null) ?? _created).Push(created);
        return created;
    }

    /// <summary>The next instance of <see cref="ServiceOrNew"/> to dispose of, the latest first.</summary>
    public bool TryTakeCreated([NotNullWhen(true)] out object? created)
    {
        created = null;
        return _created?.TryPop(out created) == true;
    }

    public T? Auth<T>(ParameterSlot slot)
    {
        var auth = _socket.Handshake.Auth;
        if (auth.ValueKind == JsonValueKind.Undefined) return Default<T>(slot);
        try
        {
            var value = JsonArguments.Read<T>(JsonMarshal.GetRawUtf8Value(auth), _namespace.Encoder.Options, out _);
            return value is not null || slot.AllowsNull ? value : throw new BindingException(slot.Name);
        }
        catch (Exception e) when (JsonArguments.IsFault(e))
        {
            throw new BindingException(slot.Name, e);
        }
    }

    public T? Argument<T>(ParameterSlot slot)
    {
        try
        {
            if (!_arguments.TryRead<T>(out var value)) return Default<T>(slot);
            return value is not null || slot.AllowsNull ? value : throw new BindingException(slot.Name);
        }
        catch (Exception e) when (JsonArguments.IsFault(e))
        {
            throw new BindingException(slot.Name, e);
        }
    }

    public JsonElement[] Elements(ParameterSlot slot)
    {
        try
        {
            return _arguments.ReadElements();
        }
        catch (Exception e) when (JsonArguments.IsFault(e))
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
        catch (Exception e) when (JsonArguments.IsFault(e))
        {
            throw new BindingException(slot.Name, e);
        }
    }

    public JsonElement[] ReadArguments()
    {
        try
        {
            return _arguments.FromStart().ForLooking().ReadElements();
        }
        catch (Exception e) when (JsonArguments.IsFault(e))
        {
            throw new BindingException("arguments", e);
        }
    }

    /// <summary>The key of the event. Null: it has none.</summary>
    /// <exception cref="BindingException">The key is no text, or it is empty or too long.</exception>
    public string? ReadRetryKey(RetryKeySlot slot)
    {
        var arguments = _arguments.FromStart();
        if (!arguments.TryReadText(slot.Index, out var key)) throw new BindingException(slot.Name);
        return key is null or { Length: > 0 and <= RetryKeySlot.MaxLength } ? key : throw new BindingException(slot.Name, new RetryKeyLengthException());
    }

    /// <summary>From now on, the ack is kept too, also if the client asked for none.</summary>
    public void KeepAnswer() => _keepsAnswer = true;

    /// <summary>Sends the ack of an earlier event as the ack of this one.</summary>
    public void Repeat(KeptAck ack)
    {
        if (!WantsAck) return;
        try
        {
            _socket.Deliver(_namespace.Server.Parser.Write(SocketPacketType.Ack, _namespace.Utf8Name, _ackId, ack.Json, ack.Attachments), isVolatile: false);
        }
        catch (Exception e)
        {
            // A parser of the program may throw.
            UserCode.OnFailed(e, Name, _namespace, _socket);
        }
    }

    /// <summary>The next reader begins with the first argument.</summary>
    public void Rewind() => _arguments = _arguments.FromStart();

    /// <summary>Whether the handler's result is stored and not sent as the ack, because a filter, a session or another server comes first.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>From now on, the handler's result is stored in <see cref="Result"/> and not sent.</summary>
    public void Hold() => IsHeld = true;

    /// <summary>From now on, a result is sent as the ack.</summary>
    public void Release() => IsHeld = false;

    /// <summary>The result of the handler while the call is held. Null also if the handler returns nothing.</summary>
    public object? Result => _result;

    /// <summary>The handler returns something, null too.</summary>
    public bool HasResult => _hasResult;

    /// <summary>
    /// Sends the ack of a call that was held. The argument is the stored result, or what the filters have made of it. The ack has no argument if neither the handler
    /// nor a filter returned anything.
    /// </summary>
    public ValueTask CompleteHeld(object? result)
    {
        if (result is null && !_hasResult) return Complete();
        // By the type that the handler declared, if no filter changed the result.
        if (!ReferenceEquals(result, _result) || IsHeld || result is AckArguments or ITuple) return Complete(result);
        if (HasAnswer) Answer(_namespace.Encoder.Ack(_namespace.Utf8Name, AnswerId, result, _declared));
        return default;
    }

    /// <summary>Answers what went wrong, if the client asked for an ack and <see cref="SocketServerOptions.AckErrors"/> is on.</summary>
    public void Fail(string error)
    {
        if (!WantsAck || !_namespace.Server.Options.AckErrors) return;
        try
        {
            Send(_namespace.Encoder.Ack(_namespace.Utf8Name, _ackId, hasValue: true, new JsonObject { ["error"] = error }));
        }
        catch (Exception e)
        {
            // Options.Json belongs to the program and may throw, for example by its own encoder.
            UserCode.OnFailed(e, Name, _namespace, _socket);
        }
    }

    public ValueTask Complete()
    {
        if (IsHeld) return default;
        if (HasAnswer) Answer(_namespace.Encoder.Ack<object?>(_namespace.Utf8Name, AnswerId, hasValue: false, null));
        return default;
    }

    public ValueTask Complete<T>(T value)
    {
        if (IsHeld)
        {
            _hasResult = true;
            _result = value;
            _declared = typeof(T);
            return default;
        }

        if (!HasAnswer) return default;
        Answer(value switch
        {
            AckArguments several => _namespace.Encoder.AckArgs(_namespace.Utf8Name, AnswerId, several.Values),
            ITuple tuple when tuple.GetType().IsValueType => _namespace.Encoder.AckTuple(_namespace.Utf8Name, AnswerId, tuple),
            _ => _namespace.Encoder.Ack(_namespace.Utf8Name, AnswerId, hasValue: true, value),
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

    private bool HasAnswer => WantsAck || _keepsAnswer;

    // An ack that is only kept needs some id.
    private long AnswerId => WantsAck ? _ackId : 0;

    private void Answer(OutgoingMessage ack)
    {
        if (_keepsAnswer)
        {
            var (json, attachments) = _namespace.Server.Parser.Read(ack);
            KeptAck = new(json.ToArray(), [.. attachments.Select(static attachment => attachment.ToArray())]);
        }

        if (WantsAck) Send(ack);
    }

    private void Send(OutgoingMessage ack)
    {
        _namespace.CheckAttachments(ack.Attachments, Name, isAck: true);
        _socket.Deliver(ack, isVolatile: false);
    }

    private async ValueTask AwaitAsync(ValueTask task)
    {
        await task;
        await Complete();
    }

    private async ValueTask AwaitAsync<T>(ValueTask<T> task) => await Complete(await task);
}
