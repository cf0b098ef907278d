using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using SocketIOServer.Json;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Sockets;
using SocketIOServer.Testing.Transports;

namespace SocketIOServer.Testing;

/// <summary>The client's side of Socket.IO 5 in one namespace: joining, events, acks and leaving.</summary>
internal sealed class ClientSide
{
    // The server is trusted, so its own codec reads what it has written. Only the number of attachments can be limited.
    private static readonly PacketLimits NoLimits = new(int.MaxValue, long.MaxValue, 1000, takesRefusals: true);

    private readonly AckTable _acks = new(int.MaxValue);
    private readonly ConcurrentDictionary<string, Func<SocketIOTestEvent, object?>> _answers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<LeaveReason> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PacketParser _parser;
    private readonly PacketDecoder _decoder;
    private readonly PacketEncoder _encoder;
    private readonly ServerLog _log;
    private readonly byte[] _name;
    private readonly int _maxAttachments;
    private volatile string? _refusedPacket;

    /// <param name="name">The namespace.</param>
    /// <param name="server">The server, whose parser and encoder the client uses.</param>
    /// <param name="log">Gets the errors of the client.</param>
    /// <param name="maxAttachments">The limit of a client with the JSON parser, as maxAttachments of socket.io-parser. Other parsers have no such limit.</param>
    public ClientSide(string name, SocketServer server, ServerLog log, int maxAttachments)
    {
        Namespace = name.StartsWith('/') ? name : "/" + name;
        Connection = new(this, server.Options.MaxPayload);
        _name = Namespace == "/" ? [] : Encoding.UTF8.GetBytes(Namespace);
        _parser = server.Context.Parser;
        _maxAttachments = maxAttachments;
        _decoder = _parser.CreateDecoder(ReferenceEquals(_parser, PacketParser.Json) ? NoLimits with { MaxAttachments = maxAttachments } : NoLimits);
        _encoder = server.Context.Encoder;
        _log = log;
    }

    public string Namespace { get; }

    public MemoryConnection Connection { get; }

    public Inbox Inbox { get; } = new();

    /// <summary>Returns the id, or the reason why the server refused the client.</summary>
    public Task<string> Joined => _joined.Task;

    public Task<LeaveReason> Left => _left.Task;

    public bool IsConnected => _joined.Task.IsCompletedSuccessfully && !_left.Task.IsCompleted && Connection.IsOpen;

    /// <summary>
    /// Returns the arguments that the caller meant. C# passes an array of strings as the whole list of "params object[]", and null as a missing list. Here each
    /// of them is one argument.
    /// </summary>
    public static object?[] Several(object?[]? args) => args is null ? [null] : args.GetType() == typeof(object[]) ? args : [args];

    public void On(string name, Func<SocketIOTestEvent, object?> answer)
    {
        PacketEncoder.CheckName(name);
        _answers[name] = answer;
    }

    /// <summary>Creates the CONNECT packet. It is created before there is a session, because the object might be invalid.</summary>
    public OutgoingMessage ConnectPacket(object? auth)
    {
        var json = auth is null ? [] : _encoder.Value(auth);
        if (auth is not null && json[0] != '{') throw new ArgumentException("The auth must be an object, because the protocol allows nothing else.", nameof(auth));
        return _parser.Write(SocketPacketType.Connect, _name, SocketPacket.NoId, json);
    }

    public Task EmitAsync(string name, object?[] args) => SendAsync(_encoder.EventArgs(_name, name, args));

    public async Task<SocketIOTestArguments> CallAsync(string name, object?[] args)
    {
        var ack = new PendingArguments();
        var id = _acks.Add(ack);
        await SendAsync(_encoder.EventArgs(_name, name, args, id));
        return await ExplainAsync(ack.Task);
    }

    /// <summary>Takes the first event with this name that was not taken yet, or waits for one.</summary>
    public Task<SocketIOTestEvent> TakeAsync(string name, TimeSpan timeout) => ExplainAsync(Inbox.TakeAsync(name, timeout));

    public Task AckAsync(long id, object?[] args) => SendAsync(_encoder.AckArgs(_name, id, args));

    /// <summary>Leaves like a client whose last namespace this is: sends a disconnect packet and ends the connection.</summary>
    public Task LeaveAsync()
    {
        var wasConnected = IsConnected;
        Leave(LeaveReason.ClientNamespaceDisconnect);
        if (wasConnected) _ = Connection.SendAsync(_parser.Write(SocketPacketType.Disconnect, _name, SocketPacket.NoId, []));
        return Connection.SendAsync(OutgoingMessage.Close);
    }

    public void Drop()
    {
        Connection.Drop();
        Leave(LeaveReason.TransportClose);
    }

    public void OnMessage(EnginePacket message)
    {
        // The attachments of the packet that was refused follow it.
        if (_refusedPacket is not null) return;
        switch (_decoder.Add(message, out var packet))
        {
            case DecodeResult.Complete:
                Dispatch(packet.ToOwned());
                break;
            case DecodeResult.Invalid when _decoder.Fault == PacketFault.Attachments:
                RefusePacket();
                break;
            case DecodeResult.Invalid:
                OnBrokenPacket(message.Data);
                break;
        }
    }

    public void OnBrokenPacket(ReadOnlyMemory<byte> packet) =>
        _log.Add(new FormatException(Encoding.UTF8.GetString(packet.Span)), "The server sent a packet that is not valid.");

    public void OnClosed(LeaveReason reason) => Leave(reason);

    private Task SendAsync(OutgoingMessage message)
    {
        if (IsConnected) return Connection.SendAsync(message);
        var reason = _left.Task.IsCompleted ? _left.Task.GetAwaiter().GetResult() : LeaveReason.TransportClose;
        throw _refusedPacket is { } details ? new SocketDisconnectedException(reason, details) : new SocketDisconnectedException(reason);
    }

    // "parse error" alone would not say what to change.
    private async Task<T> ExplainAsync<T>(Task<T> task)
    {
        try
        {
            return await task;
        }
        catch (SocketDisconnectedException e) when (_refusedPacket is not null)
        {
            throw new SocketDisconnectedException(e.Reason, _refusedPacket);
        }
    }

    // The manager of socket.io-client closes the connection with "parse error" when its decoder throws "too many attachments". The server sees "transport close".
    private void RefusePacket()
    {
        var details = $"The server sent a packet with more than {_maxAttachments} binary attachments, and the client refused it, as socket.io-parser refuses more than "
            + "maxAttachments (10 by default). Send fewer in one packet, or connect with ConnectAsync(maxAttachments: …) if the real clients allow more.";
        _log.Add(new FormatException(details), "The client closed the connection.");
        _refusedPacket = details;
        Leave(LeaveReason.ParseError);
        Connection.Drop();
    }

    private void Dispatch(in SocketPacket packet)
    {
        switch (packet.Type)
        {
            case SocketPacketType.Connect:
                using (var json = JsonDocument.Parse(packet.Json)) _joined.TrySetResult(json.RootElement.GetProperty("sid").GetString()!);
                break;
            case SocketPacketType.ConnectError:
                Refuse(packet.Json);
                break;
            case SocketPacketType.Disconnect:
                Leave(LeaveReason.ServerNamespaceDisconnect);
                break;
            case SocketPacketType.Ack:
                _acks.TryComplete(packet.Id, new(packet, _encoder));
                break;
            default:
                var received = new SocketIOTestEvent(this, Encoding.UTF8.GetString(packet.Name.Span), packet.Id, new(new(packet, _encoder)));
                Inbox.Add(received);
                if (_answers.TryGetValue(received.Name, out var answer)) Answer(received, answer);
                break;
        }
    }

    private void Answer(SocketIOTestEvent received, Func<SocketIOTestEvent, object?> answer)
    {
        try
        {
            var value = answer(received);
            if (received.WantsAck) _ = received.AckAsync([value]);
        }
        catch (Exception e)
        {
            // An exception of the test's own function. It must not be thrown to the server, which is sending.
            _log.Add(e, $"The test client's answer to \"{received.Name}\" failed.");
        }
    }

    private void Refuse(ReadOnlyMemory<byte> payload)
    {
        using var json = JsonDocument.Parse(payload);
        var data = json.RootElement.TryGetProperty("data", out var element) ? element.Clone() : default;
        _joined.TrySetException(new SocketIOTestRefusedException(json.RootElement.GetProperty("message").GetString()!, data));
    }

    // The first reason counts.
    private void Leave(LeaveReason reason)
    {
        if (!_left.TrySetResult(reason)) return;
        _joined.TrySetException(new SocketDisconnectedException(reason));
        _acks.Leave(reason);
        Inbox.Leave(reason);
    }
}
