using System.Diagnostics;
using System.Text;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Events;
using SocketIOServer.Hosting;
using SocketIOServer.Json;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Sockets;

namespace SocketIOServer.Namespaces;

/// <summary>Who is in, who may come in, and emit to all.</summary>
internal sealed class Namespace : BroadcastOperator, ISocketNamespace
{
    /// <summary>What a client is told that is kept out for no reason of its own, in JSON.</summary>
    public static readonly byte[] Refused = "\"Connection refused\""u8.ToArray();

    private static readonly byte[] Unauthorized = "\"unauthorized\""u8.ToArray();

    private readonly byte[] _utf8Name;
    private readonly AdapterContext _context;
    private int _socketCount;

    /// <param name="server">Where it belongs.</param>
    /// <param name="name">With its slash.</param>
    /// <param name="handlers">Its own, or those it shares.</param>
    public Namespace(SocketServer server, string name, HandlerTable handlers)
    {
        Server = server;
        Name = name;
        Handlers = handlers;
        _utf8Name = name == "/" ? [] : Encoding.UTF8.GetBytes(name);
        _context = new(name, _utf8Name, server.Parser, server.Backpressure, server.Services, server.Logger, server.Time, new RoomObserver(this));
        Adapter = server.Options.CreateAdapter(_context) ?? throw new InvalidOperationException("The function that was given to UseAdapter returned null.");
        Lifetime = new(this);
    }

    public SocketServer Server { get; }

    public string Name { get; }

    /// <summary>For metrics, which keep each name for ever: those that clients choose are one.</summary>
    public string MetricName => Server.IsDeclared(Name) ? Name : "(dynamic)";

    /// <summary>For the log: a name that a client made up has no line breaks there.</summary>
    public string LogName => field ??= LogText.Of(Name);

    /// <summary>As it stands in packets: nothing for "/".</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    public PacketEncoder Encoder => Server.Encoder;

    public Adapter Adapter { get; }

    /// <summary>Starts and stops the adapter.</summary>
    public AdapterLifetime Lifetime { get; }

    public HandlerTable Handlers { get; }

    protected override Namespace Owner => this;

    protected override Target Target => Target.Everyone;

    /// <summary>Sockets that are in, on this server alone.</summary>
    public int SocketCount => System.Threading.Volatile.Read(ref _socketCount);

    /// <summary>An event of this namespace, for its adapter.</summary>
    public EncodedEvent Encoded(OutgoingMessage message) => new(message, _context);

    public void Count(int change) => Interlocked.Add(ref _socketCount, change);

    public async ValueTask CloseRoomAsync(string room) => await To(room).LeaveAsync(room);

    public async Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) => await Adapter.RoomsAsync(cancel);

    /// <summary>Asks the program whether a socket may come in, and lets it in or keeps it out. The receive loop does not wait for it.</summary>
    public void Admit(Client client, Socket socket)
    {
        // Nobody to ask: in at once, so that what the client sends next finds it.
        if (Handlers is { Connecting.Length: 0, Admission: null, Authentication: null } && !Tracing.IsOn) Enter(client, socket);
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
                Server.Metrics.OnRefused(refusal.Reason);
                if (refusal.Details is { } details) client.Session.OnRefused(refusal.Reason, details);
            }

            client.Reject(socket, refusal.Message, refusal.Data, Encoding.ASCII.GetBytes(refusal.Reason));
        }
        catch (Exception e)
        {
            // The last line of defence: nobody waits for this task, and the client would wait for ever.
            client.Session.Fail(e);
        }

        socket.EndAdmission();
    }

    // Null: it may come in.
    private async ValueTask<Refusal?> JudgeAsync(Socket socket, Activity? span)
    {
        var call = new EventCall(socket, this, "connect");
        try
        {
            if (await AuthorizeAsync(socket, call) is { } refusal) return refusal;
            foreach (var handler in Handlers.Connecting)
            {
                call = new(socket, this, handler.Name);
                await RunAsync(handler, call);
            }

            return null;
        }
        catch (BindingException e)
        {
            UserCode.OnNotAsked(call, e.Message);
            return new("invalid_arguments", Refused, []);
        }
        catch (ConnectionRefusedException e)
        {
            return new("connection_refused", Encoder.Text(e.Message), await DataOfAsync(e, call));
        }
        catch (Exception e)
        {
            // The program's own: whatever it threw keeps the client out, and its text stays here.
            if (!UserCode.IsEnd(e, call))
            {
                Tracing.Fail(span, e, socket);
                await UserCode.OnConnectingFailedAsync(e, call);
            }

            return new("failed", Refused, []);
        }
    }

    // Who it is, and whether that one may come in. Null: it may, as far as that goes.
    private async ValueTask<Refusal?> AuthorizeAsync(Socket socket, EventCall call)
    {
        try
        {
            if (Handlers.Authentication is { } authentication && await authentication.RunAsync(socket.Handshake, call.Services) is { } result)
            {
                // A token that is wrong is no visitor without one.
                if (!result.Succeeded) return Unwelcome(TokenAuthentication.CodeOf(result), $"the token in its auth was refused: {TokenAuthentication.TextOf(result)}.");
                socket.SignIn(result.Principal);
            }

            if (Handlers.Admission is not { } admission || await admission.AllowsAsync(call)) return null;
            return socket.User.Identities.Any(identity => identity.IsAuthenticated)
                ? Unwelcome("forbidden", "its user does not meet the policy of Authorize.")
                : Unwelcome("unauthorized", "Authorize asks for a signed-in user, and it sent no token and its first request had no user.");
        }
        finally
        {
            await UserCode.EndScopeAsync(call);
        }
    }

    private Refusal Unwelcome(string reason, string why) => new(reason, Unauthorized, [], $"A client may not enter {LogText.Of(Name)}: {why}");

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
            return refusal.Payload is null ? [] : Encoder.Value(refusal.Payload);
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
        Adapter.Add(socket);
        // False: it left while it was asked about, and its rooms with it.
        if (!client.Admit(socket))
        {
            socket.EndAdmission();
            return;
        }

        // From here it is a member, even if it has left already: OnConnected begins, and OnDisconnected follows.
        List<Task>? beginning = null;
        foreach (var handler in Handlers.Connected)
        {
            if (BeginConnected(handler, socket) is { } begun) (beginning ??= []).Add(begun);
        }

        if (beginning is null) socket.OpenLane();
        else _ = OpenLaneBehindAsync(Task.WhenAll(beginning), socket);
    }

    // Null: the program's code has begun. Else it begins when the session is loaded, or does not begin.
    private Task<Task>? BeginConnected(Handler handler, Socket socket)
    {
        var call = new EventCall(socket, this, handler.Name);
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
