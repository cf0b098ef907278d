using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests;

/// <summary>A Redis that encrypts, and users of Redis that may do no more than docs/cluster.md says they must.</summary>
public sealed class RedisAccessTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("redis").FullName;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("classic", "resetkeys resetchannels &socket.io* &socket.io#/#* -@all +@connection +@pubsub")]
    [InlineData("sharded", "resetkeys resetchannels &socket.io* -@all +@connection +@pubsub")]
    [InlineData("streams", "resetkeys ~socket.io* ~sio:session:* resetchannels &socket.io* -@all +@connection +@pubsub +xadd +xread +xrange +xinfo +set +getdel +client|info +client|kill")]
    public async Task The_rights_that_the_documentation_names_are_enough(string wire, string rights)
    {
        Assert.Contains(rights, await DocumentedAsync(), StringComparison.Ordinal);
        var redis = await StartRedisAsync();
        await redis.ExecuteAsync("ACL", ["SETUSER", "shop", "on", ">secret", .. rights.Split(' ')]);
        var configuration = new ConfigurationOptions { EndPoints = { { IPAddress.Loopback, redis.Port } }, User = "shop", Password = "secret" };

        await AssertIsClusterAsync(io => Add(io, wire, configuration));
    }

    [Fact]
    public async Task The_additional_rights_for_an_inbox_are_enough()
    {
        const string Rights = "~socket.io:inbox:* +eval +evalsha +script|load +time +hget +hset +hincrby +pexpire +zadd +zcard +zrange +zrangebyscore +zrem";
        Assert.Contains(Rights, await DocumentedAsync(), StringComparison.Ordinal);
        var redis = await StartRedisAsync();
        await redis.ExecuteAsync("ACL", ["SETUSER", "shop", "on", ">secret", .. "resetkeys resetchannels -@all +@connection".Split(' '), .. Rights.Split(' ')]);
        await using var services = new ServiceCollection().AddSocketIO()
            .AddRedisInbox(new ConfigurationOptions { EndPoints = { { IPAddress.Loopback, redis.Port } }, User = "shop", Password = "secret" }).Services.BuildServiceProvider();
        var store = services.GetRequiredService<IInboxStore>();

        Assert.True(await store.AddAsync("/,user:ada", new byte[] { 1 }, new(TimeSpan.FromHours(1), 10, 100)));
        var message = Assert.Single(await store.ReadAsync("/,user:ada", 0, 10));
        Assert.True(await store.RemoveAsync("/,user:ada", message.Id));
    }

    [Fact]
    public async Task The_way_to_Redis_can_be_encrypted()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(_folder, "redis.crt"), Path.Combine(_folder, "redis.key"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        var tlsPort = RedisServer.FreePort();
        await StartRedisAsync("--tls-port", $"{tlsPort}", "--tls-cert-file", certificateFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certificateFile, "--tls-auth-clients", "no");
        var configuration = new ConfigurationOptions { EndPoints = { { IPAddress.Loopback, tlsPort } }, Ssl = true, SslHost = "localhost" };
        configuration.CertificateValidation += (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();

        await AssertIsClusterAsync(io => io.AddRedis(configuration));
    }

    private static void Add(ISocketServerBuilder io, string wire, ConfigurationOptions configuration)
    {
        if (wire == "streams") io.AddRedisStreams(configuration);
        else io.AddRedis(o => (o.Configuration, o.Wire, o.Rooms) = (configuration, wire == "sharded" ? RedisWire.Sharded : RedisWire.Classic, RoomChannels.Dynamic));
    }

    private static Task<string> DocumentedAsync() => File.ReadAllTextAsync(Path.Combine(Repository(), "docs", "cluster.md"));

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SocketIOServer.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private async Task AssertIsClusterAsync(Action<ISocketServerBuilder> add)
    {
        var (first, second) = (await StartAsync(add), await StartAsync(add));
        var (here, there) = (await JoinAsync(first), await JoinAsync(second));
        await Eventually.TrueAsync(() => first.Io.Cluster.Nodes.Count == 2 && second.Io.Cluster.Nodes.Count == 2, "the servers know each other");

        await first.Io.To(there.Id).EmitAsync("you", new byte[] { 1 });
        await second.Io.To(here.Id).EmitAsync("and you");

        Assert.Equal(["""451-["you",{"_placeholder":true,"num":0}]""", "b:01"], await there.ReadAsync(2));
        Assert.Equal("""42["and you"]""", await here.ReadAsync());
        Assert.Equal(2, await first.Io.CountAsync());
        Assert.Empty(first.Log.Errors);
        Assert.DoesNotContain(first.Log.Lines, line => line.Level == Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    private async Task<RedisServer> StartRedisAsync(params string[] settings)
    {
        var redis = await RedisServer.StartAsync(settings);
        _owned.Add(redis);
        return redis;
    }

    private async Task<TestHost> StartAsync(Action<ISocketServerBuilder> add)
    {
        var host = await TestHost.StartAsync(io => io.On("ping", () => { }), build: builder => add(builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()));
        _owned.Add(host);
        return host;
    }

    private async Task<Client> JoinAsync(TestHost host)
    {
        var client = await Client.JoinAsync(host);
        _owned.Add(client);
        return client;
    }
}
