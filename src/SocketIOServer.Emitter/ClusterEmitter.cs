using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Adapters;
using SocketIOServer.Broadcasts;
using SocketIOServer.Cluster;
using SocketIOServer.Events;

namespace SocketIOServer.Emitter;

/// <summary>The emitter as the program gets it: the default namespace, and the way to the others.</summary>
internal sealed partial class ClusterEmitter : BroadcastOperator, ISocketEmitter, IDisposable
{
    private const int MaxNameBytes = 256;

    // A program may take the names from outside.
    private const int MaxNamespaces = 1000;

    private readonly EmitterConnection _connection;
    private readonly ServerContext _context;
    private readonly EmitterNamespace _root;
    private readonly ConcurrentDictionary<string, EmitterNamespace> _namespaces = new(StringComparer.Ordinal);
    private int _isDisposed;

    public ClusterEmitter(ClusterNode node, SocketEmitterOptions options, IServiceProvider services)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.FlushTimeout, TimeSpan.Zero);
        _connection = new(node, options);
        var server = new SocketServerOptions { AckTimeout = options.AckTimeout, Cluster = node, CreateAdapter = context => new EmitterAdapter(context, _connection) };
        if (options.Json is { } json) server.Json = json;
        // An inbox in the memory of this process would reach nobody.
        if (services.GetService<IInboxStore>() is not null) server.Inbox = options.Inbox;
        _context = ServerContext.WithoutClients(server, services);
        _context.Public = this;
        _root = new(_context, "/");
        Cluster = new EmitterCluster(_root, _connection);
    }

    /// <summary>Disposed of with the emitter; null: nothing is.</summary>
    public IAsyncDisposable? Owner { get; set; }

    public ISocketCluster Cluster { get; }

    public string Name => _root.Name;

    public override NamespaceContext Context => _root.Context;

    protected override Target Target => Target.Everyone;

    public ISocketNamespace Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.StartsWith('/')) name = "/" + name;
        if (name == "/") return _root;
        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes) throw new ArgumentException($"The name of a namespace is at most {MaxNameBytes} bytes long.", nameof(name));
        if (_namespaces.TryGetValue(name, out var known)) return known;
        if (_namespaces.Count >= MaxNamespaces) _namespaces.Clear();
        return _namespaces.GetOrAdd(name, static (name, context) => new(context, name), _context);
    }

    public ISocket? FindSocket(string id) => null;

    public IUserBroadcast ToUser(string userId) => _root.ToUser(userId);

    public ValueTask CloseRoomAsync(string room) => _root.CloseRoomAsync(room);

    public Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) => _root.RoomsAsync(cancel);

    public Task FlushAsync(CancellationToken cancel = default) => _connection.FlushAsync(cancel);

    // A container that is disposed of without await. The emitter ends by itself.
    public void Dispose() => _ = DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        try
        {
            await _connection.FlushAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            // Whoever needs to know calls FlushAsync. An exception here would hide the one that has ended the program's block.
            LogNotFlushed(_context.Logger, e);
        }

        await _connection.DisposeAsync();
        _context.Dispose();
        if (Owner is not null) await Owner.DisposeAsync();
    }

    [LoggerMessage(80, LogLevel.Warning, "An emitter was disposed of, and its bus has not confirmed the last messages: they may be lost.")]
    private static partial void LogNotFlushed(ILogger logger, Exception exception);
}
