using System.Diagnostics;
using SocketIOServer.Events;
using SocketIOServer.Sockets;

namespace SocketIOServer.Namespaces;

/// <summary>Asks the program whether a socket may come in: its token first, then the policies of Authorize, then OnConnecting.</summary>
internal sealed class ConnectCheck(NamespaceContext @namespace)
{
    private static readonly byte[] Unauthorized = "\"unauthorized\""u8.ToArray();

    /// <summary>Null: the socket may come in. Never throws.</summary>
    public async ValueTask<Refusal?> RunAsync(Socket socket, Activity? span)
    {
        var call = new EventCall(socket, "connect");
        try
        {
            if (await AuthorizeAsync(socket, call) is { } refusal) return refusal;
            foreach (var handler in @namespace.Handlers.Connecting)
            {
                call = new(socket, handler.Name);
                await RunAsync(handler, call);
            }

            return null;
        }
        catch (BindingException e)
        {
            UserCode.OnNotAsked(call, e.Message);
            return new("invalid_arguments", Client.Refused, []);
        }
        catch (ConnectionRefusedException e)
        {
            return new("connection_refused", @namespace.Encoder.Text(e.Message), await DataOfAsync(e, call));
        }
        catch (Exception e)
        {
            // The program's code: whatever it throws keeps the client out, and the exception's text stays in the server.
            if (!UserCode.IsEnd(e, call))
            {
                Tracing.Fail(span, e, socket);
                await UserCode.OnConnectingFailedAsync(e, call);
            }

            return new("failed", Client.Refused, []);
        }
    }

    // Null: the user is known, and the policies let it in.
    private async ValueTask<Refusal?> AuthorizeAsync(Socket socket, EventCall call)
    {
        try
        {
            if (@namespace.Handlers.Authentication is { } authentication && await authentication(socket.Handshake, call.Services) is { } result)
            {
                // A client whose token is wrong is not a visitor without one.
                if (!result.Succeeded) return Unwelcome(TokenFailure.CodeOf(result), $"the token in its auth was refused: {TokenFailure.TextOf(result)}.");
                socket.SignIn(result.Principal);
            }

            if (@namespace.Handlers.Authorization is not { } authorization || await authorization.AllowsAsync(call)) return null;
            return socket.User.Identities.Any(identity => identity.IsAuthenticated)
                ? Unwelcome("forbidden", "its user does not meet the policy of Authorize.")
                : Unwelcome("unauthorized", "Authorize asks for a signed-in user, and it sent no token and its first request had no user.");
        }
        finally
        {
            await UserCode.EndScopeAsync(call);
        }
    }

    private Refusal Unwelcome(string reason, string why) => new(reason, Unauthorized, [], $"A client may not enter {@namespace.LogName}: {why}");

    private static async ValueTask RunAsync(Handler handler, EventCall call)
    {
        try
        {
            await handler.InvokeAsync(call);
        }
        finally
        {
            await UserCode.EndScopeAsync(call);
        }
    }

    private async ValueTask<byte[]> DataOfAsync(ConnectionRefusedException refusal, EventCall call)
    {
        try
        {
            return refusal.Payload is null ? [] : @namespace.Encoder.Value(refusal.Payload);
        }
        catch (Exception e)
        {
            // The program's own data: the client is refused without it.
            await UserCode.OnConnectingFailedAsync(e, call);
            return [];
        }
    }
}
