using System.Diagnostics;
using System.Text;
using SocketIOServer.Adapters;
using SocketIOServer.Broadcasts;
using SocketIOServer.EngineIO;
using SocketIOServer.Events;
using SocketIOServer.Sockets;

namespace SocketIOServer.Namespaces;

/// <summary>Who is in, who may come in, and emit to all.</summary>
internal sealed class Namespace : BroadcastOperator, ISocketNamespace, INamespace
{
    private static readonly byte[] Unauthorized = "\"unauthorized\""u8.ToArray();

    private readonly Action<Namespace>? _exit;
    private int _socketCount;

    /// <param name="server">What its server shares.</param>
    /// <param name="name">With its slash.</param>
    /// <param name="metricName">Its name in metrics.</param>
    /// <param name="handlers">Its own, or those it shares.</param>
    /// <param name="exit">Called when a socket has left; null: nobody needs to know.</param>
    public Namespace(ServerContext server, string name, string metricName, HandlerTable handlers, Action<Namespace>? exit = null)
    {
        Context = new(server, name, metricName, handlers, this);
        Lifetime = new(Context);
        _exit = exit;
    }

    public string Name => Context.Name;

    public override NamespaceContext Context { get; }

    /// <summary>Starts and stops the adapter.</summary>
    public AdapterLifetime Lifetime { get; }

    /// <summary>Sockets that are in, on this server alone.</summary>
    public int SocketCount => System.Threading.Volatile.Read(ref _socketCount);

    protected override Target Target => Target.Everyone;

    public async ValueTask CloseRoomAsync(string room) => await To(room).LeaveAsync(room);

    public async Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) => await Context.Adapter.RoomsAsync(cancel);

    public void OnConnected() => Interlocked.Increment(ref _socketCount);

    public void OnLeft(bool wasConnected)
    {
        _exit?.Invoke(this);
        if (wasConnected) Interlocked.Decrement(ref _socketCount);
    }

    public void Admit(Client client, Socket socket)
    {
        // Nobody to ask: in at once, so that what the client sends next finds it.
        if (Context.Handlers is { Connecting.Length: 0, Admission: null, Authentication: null } && !Tracing.IsOn) Enter(client, socket);
        else _ = AskAsync(client, socket);
    }

    private async Task AskAsync(Client client, Socket socket)
    {
        try
        {
            var span = Tracing.StartConnect(socket);
            var refusal = await JudgeAsync(socket, span);
            if (refusal is not null) span?.SetTag(Tracing.Reason, refusal.Reason);
            Tracing.End(span, socket);
            if (refusal is null)
            {
                Enter(client, socket);
                return;
            }

            if (!socket.HasLeft)
            {
                Context.Server.Metrics.OnRefused(refusal.Reason);
                if (refusal.Details is { } details) client.Session.OnRefused(refusal.Reason, details);
            }

            client.Reject(socket, refusal.Message, refusal.Data, Encoding.ASCII.GetBytes(refusal.Reason));
        }
        catch (Exception e)
        {
            // The last line of defence: nobody waits for this task, and the client would wait for ever.
            client.Session.Fail(e);
        }

        socket.EndConnecting();
    }

    // Null: it may come in.
    private async ValueTask<Refusal?> JudgeAsync(Socket socket, Activity? span)
    {
        var call = new EventCall(socket, "connect");
        try
        {
            if (await AuthorizeAsync(socket, call) is { } refusal) return refusal;
            foreach (var handler in Context.Handlers.Connecting)
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
            return new("connection_refused", Context.Encoder.Text(e.Message), await DataOfAsync(e, call));
        }
        catch (Exception e)
        {
            // The program's own: whatever it threw keeps the client out, and its text stays here.
            if (!UserCode.IsEnd(e, call))
            {
                Tracing.Fail(span, e, socket);
                await UserCode.OnConnectingFailedAsync(e, call);
            }

            return new("failed", Client.Refused, []);
        }
    }

    // Who it is, and whether that one may come in. Null: it may, as far as that goes.
    private async ValueTask<Refusal?> AuthorizeAsync(Socket socket, EventCall call)
    {
        try
        {
            if (Context.Handlers.Authentication is { } authentication && await authentication(socket.Handshake, call.Services) is { } result)
            {
                // A token that is wrong is no visitor without one.
                if (!result.Succeeded) return Unwelcome(TokenFailure.CodeOf(result), $"the token in its auth was refused: {TokenFailure.TextOf(result)}.");
                socket.SignIn(result.Principal);
            }

            if (Context.Handlers.Admission is not { } admission || await admission.AllowsAsync(call)) return null;
            return socket.User.Identities.Any(identity => identity.IsAuthenticated)
                ? Unwelcome("forbidden", "its user does not meet the policy of Authorize.")
                : Unwelcome("unauthorized", "Authorize asks for a signed-in user, and it sent no token and its first request had no user.");
        }
        finally
        {
            await UserCode.EndScopeAsync(call);
        }
    }

    private Refusal Unwelcome(string reason, string why) => new(reason, Unauthorized, [], $"A client may not enter {Context.LogName}: {why}");

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
            return refusal.Payload is null ? [] : Context.Encoder.Value(refusal.Payload);
        }
        catch (Exception e)
        {
            // The program's own data: the client is refused all the same.
            await UserCode.OnConnectingFailedAsync(e, call);
            return [];
        }
    }

    private void Enter(Client client, Socket socket)
    {
        // Before the connect packet: a client that has that hears every broadcast.
        Context.Adapter.Add(socket);
        // False: it left while it was asked about, and its rooms with it.
        if (!client.Admit(socket))
        {
            socket.EndConnecting();
            return;
        }

        // From here it is a member, even if it has left already: OnConnected begins, and OnDisconnected follows.
        List<Task>? beginning = null;
        foreach (var handler in Context.Handlers.Connected)
        {
            if (BeginConnected(handler, socket) is { } begun) (beginning ??= []).Add(begun);
        }

        if (beginning is null) socket.OpenLane();
        else _ = OpenLaneBehindAsync(Task.WhenAll(beginning), socket);
    }

    // Null: the program's code has begun. Else it begins when the session is loaded, or does not begin.
    private Task<Task>? BeginConnected(Handler handler, Socket socket)
    {
        var call = new EventCall(socket, handler.Name);
        var begun = handler.UsesSession ? call.Begun : null;
        var run = EventDispatch.RunAsync(handler, call).AsTask();
        socket.Work.Follow(run, handler.Name);
        return begun is null || run.IsCompleted ? null : Task.WhenAny(begun, run);
    }

    private static async Task OpenLaneBehindAsync(Task begun, Socket socket)
    {
        await begun;
        socket.OpenLane();
    }

    /// <summary>Why a client was kept out, for charts, what it is told in JSON, and what the log is told where it does not have it already.</summary>
    private sealed record Refusal(string Reason, byte[] Message, byte[] Data, string? Details = null);
}
