using System.Threading.RateLimiting;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Events;

/// <summary>
/// Handles the exceptions of the program's code, wherever the server calls it: each is logged once, with event, namespace and socket, and goes no further.
/// Nothing here throws.
/// </summary>
internal static partial class UserCode
{
    /// <summary>A handler that stopped because its client has left. That is not an error. Disconnect hooks have no such reason to stop.</summary>
    public static bool IsEnd(Exception error, EventCall call) =>
        error is OperationCanceledException or SocketDisconnectedException && call.Sender.HasLeft && call.Reason == default;

    /// <param name="error">The exception.</param>
    /// <param name="event">The event, the hook, or the name of what else was called.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="socket">The socket that it was called for; null where there is none.</param>
    public static void OnFailed(Exception error, string @event, NamespaceContext @namespace, EventSocket? socket) =>
        LogFailed(@namespace.Server.Logger, error, LogText.Of(@event), @namespace.LogName, socket?.LogId ?? "(none)");

    /// <summary>A handler has failed: logs it, answers the client, and calls OnError.</summary>
    public static async ValueTask OnFailedAsync(Exception error, EventCall call)
    {
        OnFailed(error, call.Name, call.Namespace, call.Sender);
        if (call.IsEvent) call.Fail("failed");
        await TellErrorAsync(error, call);
    }

    /// <summary>Code that decides whether a client is let in has failed: logs it, and calls OnError.</summary>
    public static ValueTask OnConnectingFailedAsync(Exception error, EventCall call)
    {
        LogConnectingFailed(call.Namespace.Server.Logger, error, call.Name, call.Namespace.LogName, call.Sender.LogId);
        return TellErrorAsync(error, call);
    }

    /// <summary>Logs an event that is not handled because of what its client sent. The first of a connection is at Information, later ones are at Debug.</summary>
    public static void OnNotHandled(EventCall call, string why) => OnNotHandled(call.Name, call.Sender, call.Namespace, why);

    /// <inheritdoc cref="OnNotHandled(EventCall, string)"/>
    public static void OnNotHandled(string name, EventSocket socket, NamespaceContext @namespace, string why)
    {
        var logger = @namespace.Server.Logger;
        if (socket.Client.IsFirstBadEvent()) LogNotHandled(logger, LogText.Of(name), socket.LogId, @namespace.LogName, why);
        else LogNotHandledAgain(logger, LogText.Of(name), socket.LogId, @namespace.LogName, why);
    }

    /// <summary>Calls an observer.</summary>
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

    /// <summary>The program's code has failed for a namespace that does not exist yet.</summary>
    public static void OnFailed(Exception error, string what, string @namespace, ServerContext server) =>
        LogFailed(server.Logger, error, what, LogText.Of(@namespace), "(none)");

    /// <summary>Calls a function of OfAny. If it throws, it has not admitted the name.</summary>
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

    /// <summary>Disposes of the controller, the filters and the services of one call; that runs code of the program too.</summary>
    public static async ValueTask EndScopeAsync(EventCall call)
    {
        while (call.TryTakeCreated(out var created))
        {
            try
            {
                if (created is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
                else ((IDisposable)created).Dispose();
            }
            catch (Exception e)
            {
                OnFailed(e, call.Name, call.Namespace, call.Sender);
            }
        }

        try
        {
            await call.DisposeScopeAsync();
        }
        catch (Exception e)
        {
            OnFailed(e, call.Name, call.Namespace, call.Sender);
        }
    }

    /// <summary>Cancels a socket's token, which runs the callbacks that the program registered.</summary>
    public static async Task CancelAsync(CancellationTokenSource source, NamespaceContext @namespace, EventSocket socket)
    {
        try
        {
            // Asynchronously: this thread may be in the middle of a broadcast.
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            OnFailed(e, "Disconnected", @namespace, socket);
        }
    }

    /// <summary>Disposes a limiter that the program made.</summary>
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
