using System.Text;
using Microsoft.Extensions.Logging;
using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Sockets;

namespace SocketIOServer.Events;

/// <summary>The handlers of a namespace. Declared at start, read without a lock; what they throw ends here.</summary>
internal sealed partial class HandlerTable
{
    private volatile Dictionary<byte[], Handler> _events = new(new Utf8Comparer());

    public Handler[] Connecting { get; private set; } = [];

    public Handler[] Connected { get; private set; } = [];

    public Handler[] Disconnecting { get; private set; } = [];

    public Handler[] Disconnected { get; private set; } = [];

    public void AddEvent(Handler handler)
    {
        // A copy each time: a table that is being read never changes.
        var events = new Dictionary<byte[], Handler>(_events, new Utf8Comparer());
        if (!events.TryAdd(Encoding.UTF8.GetBytes(handler.Name), handler))
            throw new ArgumentException($"The event \"{handler.Name}\" has a handler already.");
        _events = events;
    }

    public void AddConnecting(Handler handler) => Connecting = [.. Connecting, handler];

    public void AddConnected(Handler handler) => Connected = [.. Connected, handler];

    public void AddDisconnecting(Handler handler) => Disconnecting = [.. Disconnecting, handler];

    public void AddDisconnected(Handler handler) => Disconnected = [.. Disconnected, handler];

    /// <summary>Runs the handler of an event; without one the packet stays unread. Never throws.</summary>
    public ValueTask HandleAsync(Socket socket, Namespace @namespace, in SocketPacket packet)
    {
        if (!_events.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(packet.Name.Span, out var handler)) return default;
        return RunAsync(handler, new EventCall(socket, @namespace, packet), socket, @namespace);
    }

    /// <summary>Runs a hook. Never throws.</summary>
    public static ValueTask RunAsync(Handler handler, Socket socket, Namespace @namespace, LeaveReason reason) =>
        RunAsync(handler, new EventCall(socket, @namespace, reason), socket, @namespace);

    private static ValueTask RunAsync(Handler handler, EventCall call, Socket socket, Namespace @namespace)
    {
        ValueTask run;
        try
        {
            run = handler.InvokeAsync(call);
            if (run.IsCompletedSuccessfully && !call.HasScope) return default;
        }
        catch (Exception e)
        {
            // The user's: handled below, with what it threw while it waited.
            run = ValueTask.FromException(e);
        }

        return FinishAsync(run, handler, call, socket, @namespace);
    }

    private static async ValueTask FinishAsync(ValueTask run, Handler handler, EventCall call, Socket socket, Namespace @namespace)
    {
        try
        {
            await run;
        }
        catch (BindingException e)
        {
            LogNotBound(@namespace.Server.Logger, handler.Name, @namespace.Name, socket.LogId, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketDisconnectedException && socket.HasLeft)
        {
            // It stopped because its client has gone, as it should.
        }
        catch (Exception e)
        {
            // The user's: logged once, and the socket lives.
            LogFailed(@namespace.Server.Logger, e, handler.Name, @namespace.Name, socket.LogId);
        }

        try
        {
            await call.DisposeScopeAsync();
        }
        catch (Exception e)
        {
            // A service of the user's that throws while it is disposed.
            LogFailed(@namespace.Server.Logger, e, handler.Name, @namespace.Name, socket.LogId);
        }
    }

    [LoggerMessage(20, LogLevel.Information, "The handler of \"{Event}\" in {Namespace} did not run for socket {Socket}: {Why}")]
    private static partial void LogNotBound(ILogger logger, string @event, string @namespace, string socket, string why);

    [LoggerMessage(21, LogLevel.Error, "The handler of \"{Event}\" in {Namespace} failed for socket {Socket}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string @event, string @namespace, string socket);
}
