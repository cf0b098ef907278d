using System.Diagnostics;
using System.Text.Json;
using SocketIOServer.EngineIO;
using SocketIOServer.Events;
using SocketIOServer.Sockets;

namespace SocketIOServer.Namespaces;

/// <summary>Asks the program whether a socket may come in: its token first, then the policies of Authorize, then OnConnecting.</summary>
internal sealed class ConnectCheck(NamespaceContext @namespace)
{
    // Of what a client sent, in a line of the log.
    private const int MaxNames = 3;

    private static readonly byte[] Unauthorized = "\"unauthorized\""u8.ToArray();

    /// <summary>Null: the socket may come in. Never throws.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="span">The span of the check.</param>
    /// <param name="hasLostSession">It was let in with a session that is lost by now: only OnConnecting is asked, about a new one.</param>
    public async ValueTask<Refusal?> RunAsync(Socket socket, Activity? span, bool hasLostSession)
    {
        var call = new EventCall(socket, "connect");
        try
        {
            if (!hasLostSession && await AuthorizeAsync(socket, call) is { } refusal) return refusal;
            if (!hasLostSession && socket.Recovery is { } recovery) await recovery.TakeSessionAsync();
            if (socket.Recovered && !@namespace.Server.Options.Recovery!.RunOnConnecting) return null;
            foreach (var handler in @namespace.Handlers.Connecting)
            {
                call = new(socket, handler.Name);
                await RunAsync(handler, call);
            }

            return null;
        }
        catch (BindingException e)
        {
            return new("invalid_arguments", Client.Refused, [], Explain("connect arguments", $"its auth does not match the parameters of {call.Name}. {e.Message}"));
        }
        catch (ConnectionRefusedException e)
        {
            // The application's own rule, so no warning.
            var explanation = Explain("refused by the application", $"{call.Name} threw a ConnectionRefusedException: {LogText.Of(e.Message)}") with { IsRoutine = true };
            return new("connection_refused", @namespace.Encoder.Text(e.Message), await DataOfAsync(e, call), explanation);
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
                if (!result.Succeeded) return Unwelcome(TokenFailure.CodeOf(result), TokenFailure.CodeOf(result), $"the token in its auth was refused: {TokenFailure.TextOf(result)}.");
                socket.SignIn(result.Principal);
            }

            if (@namespace.Handlers.Authorization is not { } authorization || await authorization.AllowsAsync(call)) return null;
            return socket.User.Identities.Any(identity => identity.IsAuthenticated)
                ? Unwelcome("forbidden", "policy", $"its user does not meet {authorization.Description}.")
                : Unwelcome("unauthorized", "no user", $"Authorize requires a signed-in user. The first request of the client had no user, and {WhyNoToken(socket.Handshake)}.");
        }
        finally
        {
            await UserCode.EndScopeAsync(call);
        }
    }

    private Refusal Unwelcome(string reason, string kind, string why) => new(reason, Unauthorized, [], Explain(kind, why));

    private Explanation Explain(string kind, string why) => new(kind, $"A client was not let into {@namespace.LogName}: {why}", @namespace.LogName);

    private string WhyNoToken(Handshake handshake)
    {
        if (@namespace.Handlers.TokenMember is not { } member) return "the namespace does not read tokens from auth (AuthenticateToken)";
        if (handshake.Auth.ValueKind != JsonValueKind.Object) return $"it sent no auth, so there is no token in auth.{member}";
        if (handshake.Auth.TryGetProperty(member, out _)) return $"the token in auth.{member} is empty";
        var sent = handshake.Auth.EnumerateObject().Take(MaxNames).Select(property => $"\"{LogText.Of(property.Name)}\"");
        return $"its auth has no \"{member}\" (AuthenticateToken); it has {string.Join(", ", sent.DefaultIfEmpty("nothing"))}";
    }

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
