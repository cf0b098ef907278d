using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests.Masters;

/// <summary>A Redis Cluster of masters on loopback, whose slots can be moved and whose masters can be killed.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private const int SlotCount = 16_384;

    private readonly string _directory = Directory.CreateTempSubdirectory("redis-cluster").FullName;
    private readonly RedisServer[] _owners = new RedisServer[SlotCount];
    private readonly Dictionary<RedisServer, (string Id, int BusPort)> _known = [];
    private readonly HashSet<int> _disclaimed = [];
    private RedisServer? _lastOwner;

    internal List<RedisServer> Masters { get; } = [];

    internal ConfigurationOptions Configuration
    {
        get
        {
            var configuration = new ConfigurationOptions();
            foreach (var master in Masters) configuration.EndPoints.Add(IPAddress.Loopback, master.Port);
            return configuration;
        }
    }

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++) await StartMasterAsync();
        for (var i = 0; i < 3; i++)
        {
            var (first, last) = (i * SlotCount / 3, (i + 1) * SlotCount / 3 - 1);
            await SendAsync(Masters[i], $"CLUSTER ADDSLOTSRANGE {first} {last}");
            Array.Fill(_owners, Masters[i], first, last - first + 1);
        }

        await MeetAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var master in Masters) await master.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A fourth master, without slots yet.</summary>
    internal async Task<RedisServer> AddMasterAsync()
    {
        var added = await StartMasterAsync();
        await MeetAsync();
        return added;
    }

    /// <summary>Waits until each master agrees that all are there.</summary>
    internal async Task MeetAsync()
    {
        foreach (var master in Masters.Skip(1)) await SendAsync(Masters[0], $"CLUSTER MEET 127.0.0.1 {master.Port} {_known[master].BusPort}");
        await Eventually.TrueAsync(() => Masters.All(KnowsAll), "the masters did not meet");
    }

    /// <summary>Waits until each master says the same of all slots.</summary>
    internal Task AgreeAsync() => Eventually.TrueAsync(() => Masters.All(master => SlotsOf(master) == SlotsOf(Masters[0])), "the masters do not agree");

    internal RedisServer Owner(int slot) => _owners[slot];

    /// <summary>As redis-cli --cluster reshard does it.</summary>
    internal async Task MoveAsync(int slot, RedisServer to)
    {
        // A master that takes slots before it has heard what another one has just taken can lose them again: the two then say of each other that the slot is there.
        if (to != _lastOwner) await AgreeAsync();
        _lastOwner = to;
        var from = _owners[slot];
        await SendAsync(to, $"CLUSTER SETSLOT {slot} IMPORTING {_known[from].Id}");
        if (!_disclaimed.Remove(slot)) await SendAsync(from, $"CLUSTER SETSLOT {slot} MIGRATING {_known[to].Id}");
        await SendAsync(to, $"CLUSTER SETSLOT {slot} NODE {_known[to].Id}");
        await SendAsync(from, $"CLUSTER SETSLOT {slot} NODE {_known[to].Id}");
        _owners[slot] = to;
    }

    /// <summary>The master that has a slot sends its clients to another one, which sends them back.</summary>
    internal async Task DisclaimAsync(int slot, RedisServer to)
    {
        _disclaimed.Add(slot);
        _lastOwner = to;
        await SendAsync(_owners[slot], $"CLUSTER SETSLOT {slot} NODE {_known[to].Id}");
    }

    // Who has which slots, without what is different in each master's view.
    private static string SlotsOf(RedisServer master)
    {
        var nodes = SendAsync(master, "CLUSTER NODES").GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', nodes.Select(static node => node.Split(' ')).Select(static words => $"{words[0]} {words[6]} {string.Join(' ', words.Skip(8).Where(static word => word[0] != '['))}").Order(StringComparer.Ordinal));
    }

    private bool KnowsAll(RedisServer master)
    {
        var info = SendAsync(master, "CLUSTER INFO").GetAwaiter().GetResult();
        return info.Contains("cluster_state:ok", StringComparison.Ordinal)
            && info.Contains($"cluster_known_nodes:{Masters.Count}\r", StringComparison.Ordinal)
            && info.Contains($"cluster_slots_ok:{SlotCount}\r", StringComparison.Ordinal);
    }

    private async Task<RedisServer> StartMasterAsync()
    {
        var busPort = RedisServer.FreePort();
        var master = await RedisServer.StartAsync(
            "--cluster-enabled", "yes", "--cluster-port", $"{busPort}", "--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no",
            "--dir", _directory, "--cluster-config-file", $"nodes-{busPort}.conf");
        Masters.Add(master);
        _known[master] = (await SendAsync(master, "CLUSTER MYID"), busPort);
        return master;
    }

    // A client of a cluster would send the command to whichever master it likes.
    private static async Task<string> SendAsync(RedisServer master, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, master.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = (await reader.ReadLineAsync())!;
        if (line[0] == '-') throw new InvalidOperationException($"{command}: {line}");
        if (line[0] != '$') return line;
        var text = new char[int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture)];
        await reader.ReadBlockAsync(text);
        return new(text);
    }
}
