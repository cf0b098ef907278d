using System.Text;
using SocketIOServer.Adapters;
using SocketIOServer.Broadcasts;
using SocketIOServer.Events;
using SocketIOServer.Sockets;

namespace SocketIOServer.Namespaces;

/// <summary>A namespace: lets sockets in, counts them, and emits to all of them.</summary>
internal sealed class Namespace : BroadcastOperator, ISocketNamespace, INamespace
{
    private readonly ConnectCheck _check;
    private readonly Action<Namespace>? _exit;
    private int _socketCount;

    /// <param name="server">What all namespaces of the server share.</param>
    /// <param name="name">The name, with its slash.</param>
    /// <param name="metricName">The name in metrics.</param>
    /// <param name="handlers">The handlers; namespaces of OfAny share theirs.</param>
    /// <param name="exit">Called for each socket that has left; null where nobody needs to know.</param>
    public Namespace(ServerContext server, string name, string metricName, HandlerTable handlers, Action<Namespace>? exit = null)
    {
        Context = new(server, name, metricName, handlers, this);
        Lifetime = new(Context);
        if (Context.Recovery is { } recovery) recovery.Lifetime = Lifetime;
        Cluster = Context is { ClusterAdapter: { } adapter, Server.Options.Cluster: { } node } ? new SocketCluster(Context, node, adapter) : LoneServer.Instance;
        _check = new(Context);
        _exit = exit;
    }

    public string Name => Context.Name;

    public override NamespaceContext Context { get; }

    public ISocketCluster Cluster { get; }

    /// <summary>Starts and stops the adapter.</summary>
    public AdapterLifetime Lifetime { get; }

    /// <summary>The number of sockets of this process that are in the namespace.</summary>
    public int SocketCount => System.Threading.Volatile.Read(ref _socketCount);

    protected override Target Target => Target.Everyone;

    public ISocket? FindSocket(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Context.Adapter.Find(id) is Socket { IsConnected: true } socket ? socket : null;
    }

    public IUserBroadcast ToUser(string userId) => Context.Inboxes is null
        ? throw new InvalidOperationException($"Set {nameof(SocketServerOptions)}.{nameof(SocketServerOptions.Inbox)} to use ToUser.")
        : new UserBroadcast(Context, userId);

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
        // There is nobody to ask: the socket is let in at once, so that it can handle the packet that the client sends next.
        if (Context.Handlers is { Connecting.Length: 0, Authorization: null, Authentication: null } && !Tracing.IsOn && socket.Recovery is not { MayWait: true }) EnterUnasked(client, socket);
        else _ = AskAsync(client, socket);
    }

    private void EnterUnasked(Client client, Socket socket)
    {
        try
        {
            if (socket.Recovery is { } recovery) _ = recovery.TakeSessionAsync(canWait: false).AsTask();
            while (!TryEnter(client, socket))
            {
                // Its session is lost: it begins a new one.
            }
        }
        catch (Exception e)
        {
            // An adapter of the program's. The caller may be a task that nobody awaits, and the client would wait forever.
            socket.Recovery?.OnFailed();
            client.Session.Fail(e);
            socket.EndConnecting();
        }
    }

    private async Task AskAsync(Client client, Socket socket)
    {
        // Its client may go while another server gives the session away. The session is saved then, and nothing may be missed until it is.
        var isRecovering = socket.Recovery is { HasRequest: true };
        if (isRecovering) Lifetime.Use();
        try
        {
            var refusal = await CheckAsync(socket);
            // OnConnecting was not asked, or it was asked about a session that is lost by now.
            while (refusal is null && !TryEnter(client, socket)) refusal = await CheckAsync(socket, hasLostSession: true);
            if (refusal is null) return;
            if (!socket.HasLeft)
            {
                Context.Server.Metrics.OnRefused(refusal.Reason);
                if (refusal.Explanation is { } explanation) client.Session.OnRefused(refusal.Reason, explanation);
            }

            socket.Recovery?.OnNotAdmitted(isRefused: !socket.HasLeft);

            client.Reject(socket, refusal.Message, refusal.Data, Encoding.ASCII.GetBytes(refusal.Reason));
            socket.EndConnecting();
        }
        catch (Exception e)
        {
            // The last line of defence: nobody awaits this task, and the client would wait forever.
            socket.Recovery?.OnFailed();
            client.Session.Fail(e);
            socket.EndConnecting();
        }
        finally
        {
            if (isRecovering) Lifetime.Release();
        }
    }

    private async ValueTask<Refusal?> CheckAsync(Socket socket, bool hasLostSession = false)
    {
        var span = Tracing.StartConnect(socket);
        var refusal = await _check.RunAsync(socket, span, hasLostSession);
        if (refusal is not null) span?.SetTag(Tracing.Reason, refusal.Reason);
        Tracing.End(span, socket);
        return refusal;
    }

    // False: the session of the socket is lost. The program must be asked about the new one.
    private bool TryEnter(Client client, Socket socket)
    {
        socket.JoinUserRoom();
        if (TryAdmit(client, socket) is not { } isIn) return false;
        // It left while the program decided, and its rooms were left too.
        if (!isIn)
        {
            socket.EndConnecting();
            return true;
        }

        // From here on it counts as connected, even if it has left already: OnConnected begins, and OnDisconnected follows.
        List<Task>? beginning = null;
        foreach (var handler in Context.Handlers.Connected)
        {
            if (BeginConnected(handler, socket) is { } begun) (beginning ??= []).Add(begun);
        }

        socket.StartInboxes();
        if (beginning is null) socket.OpenLane();
        else _ = OpenLaneBehindAsync(Task.WhenAll(beginning), socket);
        return true;
    }

    private bool? TryAdmit(Client client, Socket socket)
    {
        if (socket.Recovery is { } recovery) return recovery.Enter(client);
        if (Context.History is { } history) return TryAdmit(history, client, socket);
        // Before the connect packet is sent: from then on the client gets every broadcast.
        Context.Adapter.Add(socket);
        return client.Admit(socket);
    }

    // In one step, so that no event of the namespace comes between the events before and those that follow.
    private bool TryAdmit(NamespaceHistory history, Client client, Socket socket)
    {
        var sends = QueuedSends.Begin();
        int count;
        try
        {
            lock (history.Gate)
            {
                var earlier = history.Begin(socket, socket.Rooms);
                Context.Adapter.Add(socket);
                if (!client.Admit(socket, null, earlier, sends)) return false;
                count = earlier.Count;
            }
        }
        finally
        {
            sends.End(isForMany: false);
        }

        Context.Server.Metrics.OnHistory(count);
        return true;
    }

    // Null: the handler has begun. Otherwise the task completes when it has begun, which is after its session was loaded, or when it has ended without.
    private static Task<Task>? BeginConnected(Handler handler, Socket socket)
    {
        var call = new EventCall(socket, handler.Name);
        var begun = handler.UsesSession ? call.Begun : null;
        var run = HandlerRun.RunAsync(handler, call).AsTask();
        socket.Work.Follow(run, handler.Name);
        return begun is null || run.IsCompleted ? null : Task.WhenAny(begun, run);
    }

    private static async Task OpenLaneBehindAsync(Task begun, Socket socket)
    {
        await begun;
        socket.OpenLane();
    }
}
