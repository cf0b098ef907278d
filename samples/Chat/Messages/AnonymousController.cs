using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chat.Storage;
using SocketIOServer;

namespace Chat.Messages;

/// <summary>The chat without names, for guests too. Who is signed in is nobody here: the name comes from a key that the page makes up.</summary>
[Namespace(Path)]
internal sealed class AnonymousController(IChatStore store, ClusterSettings cluster, [FromKeyedServices(ChatApp.Server)] ISocketServer server) : SocketController<IAnonymousClient>
{
    public const string Path = "/anonymous";

    private const string Name = "name";

    public override Task OnConnectingAsync(CancellationToken cancel)
    {
        var auth = Socket.Handshake.Auth;
        var key = auth.ValueKind == System.Text.Json.JsonValueKind.Object && auth.TryGetProperty("key", out var given) ? given.ToString() : null;
        if (!Draft.IsKey(key)) throw new ConnectionRefusedException("bad key");
        Socket.Data.Set(Name, NameOf(key!));
        return Task.CompletedTask;
    }

    /// <summary>What others see of this page.</summary>
    [On("name")]
    public string MyName() => Socket.Data.Get<string>(Name)!;

    /// <summary>The node that serves this page. Null: there is one alone. Every page is in this namespace, so it asks here.</summary>
    [On("node")]
    public string? Node() => cluster.Redis is null ? null : server.Cluster.Nodes[0].Name;

    [On("message")]
    public async Task<Message> Post(Draft draft, [RetryKey] string? key = null) =>
        (await store.Messages.AddAsync(draft.Read(key, Message.Anonymous, null, MyName()), Clients.Others.Message)).OrRefuse();

    [On("history")]
    public Task<HistoryPage> History(long? before = null) => store.Messages.HistoryAsync(Message.Anonymous, before);

    // The same after a reconnect. One way: the key cannot be told from the name.
    private static string NameOf(string key)
    {
        var number = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return string.Create(CultureInfo.InvariantCulture, $"#{number % 1_000_000:000000}");
    }
}
