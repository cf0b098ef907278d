using System.Threading.RateLimiting;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Events;

/// <summary>
/// The fence between the server and the program that it serves. Whatever the program throws, from wherever the server calls it, is logged here,
/// once, with event, namespace and socket, and goes no further. Nothing here throws.
/// </summary>
internal static partial class UserCode
{
    /// <summary>A handler that stopped because its client has gone, as it should. That is no error; a hook of leaving has no such reason to stop.</summary>
    public static bool IsEnd(Exception error, EventCall call) =>
        error is OperationCanceledException or SocketDisconnectedException && call.Sender.HasLeft && call.Reason == default;

    /// <param name="error">What was thrown.</param>
    /// <param name="event">The event, the hook, or whatever else of the program was called.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="socket">Whose event it was; null where it was nobody's.</param>
    public static void OnFailed(Exception error, string @event, NamespaceContext @namespace, EventSocket? socket) =>
        LogFailed(@namespace.Server.Logger, error, LogText.Of(@event), @namespace.LogName, socket?.LogId ?? "(none)");

    /// <summary>The event has failed: logged, answered and told to OnError.</summary>
    public static async ValueTask OnFailedAsync(Exception error, EventCall call)
    {
        OnFailed(error, call.Name, call.Namespace, call.Sender);
        if (call.IsEvent) call.Fail("failed");
        await TellErrorAsync(error, call);
    }

    /// <summary>What decides whether a client gets in has failed: logged, and told to OnError.</summary>
    public static ValueTask OnConnectingFailedAsync(Exception error, EventCall call)
    {
        LogConnectingFailed(call.Namespace.Server.Logger, error, call.Name, call.Namespace.LogName, call.Sender.LogId);
        return TellErrorAsync(error, call);
    }

    /// <summary>An event that is not handled because of what its client did. One line of a connection is seen, for a client may do so at every packet.</summary>
    public static void OnNotHandled(EventCall call, string why) => OnNotHandled(call.Name, call.Sender, call.Namespace, why);

    /// <inheritdoc cref="OnNotHandled(EventCall, string)"/>
    public static void OnNotHandled(string name, EventSocket socket, NamespaceContext @namespace, string why)
    {
        var logger = @namespace.Server.Logger;
        if (socket.Client.IsFirstBadEvent()) LogNotHandled(logger, LogText.Of(name), socket.LogId, @namespace.LogName, why);
        else LogNotHandledAgain(logger, LogText.Of(name), socket.LogId, @namespace.LogName, why);
    }

    /// <summary>A function that looks on. What it throws changes nothing for whoever did what it sees.</summary>
    public static void Notify<T>(Action<T> observer, T what, string name, NamespaceContext @namespace, EventSocket? socket)
    {
        try
        {
            observer(what);
        }
        catch (Exception e)
        {
            OnFailed(e, name, @namespace, socket);
        }
    }

    /// <summary>Something that the program does for a namespace which is not there yet.</summary>
    public static void OnFailed(Exception error, string what, string @namespace, ServerContext server) =>
        LogFailed(server.Logger, error, what, LogText.Of(@namespace), "(none)");

    /// <summary>A predicate of OfAny. One that throws has admitted nothing.</summary>
    public static bool Admits(Func<string, bool> admits, string name, ServerContext server)
    {
        try
        {
            return admits(name);
        }
        catch (Exception e)
        {
            LogFailed(server.Logger, e, "OfAny", LogText.Of(name), "(none)");
            return false;
        }
    }

    /// <summary>The end of the services of one call. Disposing is the program's code too.</summary>
    public static async ValueTask EndScopeAsync(EventCall call)
    {
        try
        {
            await call.DisposeScopeAsync();
        }
        catch (Exception e)
        {
            OnFailed(e, call.Name, call.Namespace, call.Sender);
        }
    }

    /// <summary>Runs what the program registered on a socket's token.</summary>
    public static async Task CancelAsync(CancellationTokenSource source, NamespaceContext @namespace, EventSocket socket)
    {
        try
        {
            // Not on this thread, which may be in the middle of a broadcast.
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            OnFailed(e, "Disconnected", @namespace, socket);
        }
    }

    /// <summary>The end of a limiter that the program made.</summary>
    public static void Dispose(RateLimiter limiter, NamespaceContext @namespace, EventSocket socket)
    {
        try
        {
            limiter.Dispose();
        }
        catch (Exception e)
        {
            OnFailed(e, "LimitEvents", @namespace, socket);
        }
    }

    private static async ValueTask TellErrorAsync(Exception error, EventCall call)
    {
        foreach (var handler in call.Namespace.Handlers.Errors)
        {
            try
            {
                await handler(new(call.Socket, call.Name, error));
            }
            catch (Exception e)
            {
                OnFailed(e, "OnError", call.Namespace, call.Sender);
            }
        }
    }
}
