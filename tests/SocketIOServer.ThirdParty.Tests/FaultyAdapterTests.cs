using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Adapters;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>An adapter that throws costs its own program an error in the log, and nobody else anything.</summary>
public sealed class FaultyAdapterTests
{
    [Fact]
    public async Task A_socket_leaves_completely_even_if_the_adapter_throws()
    {
        var left = new TaskCompletionSource<string>();
        await using var host = await StartAsync(
            context => new Faulty(context),
            io => io.OnDisconnected((ISocket socket, LeaveReason reason) => left.TrySetResult($"{reason}, {string.Join(' ', socket.Rooms) == socket.Id}")));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("41");

        Assert.Equal("client namespace disconnect, True", await left.Task.Soon());
        Assert.Contains(host.Log.Lines, line => line.Text.Contains("Adapter.Start", StringComparison.Ordinal));
        Assert.Contains(host.Log.Lines, line => line.Text.Contains("Adapter.Remove", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_the_adapter_does_not_take_is_closed_and_delays_no_stop()
    {
        await using var host = await StartAsync(context => new Faulty(context) { FailsToAdd = () => true }, _ => { });
        await using var client = await SocketClient.ConnectAsync(host);

        await client.SendAsync("40");

        Assert.Equal("closed 1011", await client.ReadAsync());
        await host.StopInTimeAsync();
        Assert.DoesNotContain(host.Log.Lines, line => line.Text.Contains("OnConnecting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_holds_for_a_client_that_waits_for_the_hooks_of_its_previous_socket()
    {
        var fails = false;
        var (begun, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var host = await StartAsync(context => new Faulty(context) { FailsToAdd = () => Volatile.Read(ref fails) }, io => io.OnDisconnected(() =>
        {
            Volatile.Write(ref fails, true);
            begun.SetResult();
            return go.Task;
        }));
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("41");
        await begun.Task.Soon();

        await client.SendAsync("40");
        // The packets of a client are read in order, so the first has begun to wait.
        await client.SendAsync("40/missing,");
        Assert.StartsWith("44/missing,", await client.ReadAsync(), StringComparison.Ordinal);
        go.SetResult();

        Assert.Equal("closed 1011", await client.ReadAsync());
    }

    [Fact]
    public async Task A_namespace_whose_adapter_cannot_be_made_lets_nobody_in()
    {
        await using var host = await StartAsync(
            context => context.Namespace == "/bad" ? throw new InvalidOperationException("no adapter") : new InMemoryAdapter(context),
            io => io.OfAny(_ => true).On("unused", () => { }));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("40/bad,");

        Assert.StartsWith("44/bad,{\"message\":\"Invalid namespace\"", await client.ReadAsync(), StringComparison.Ordinal);
        await client.SendAsync("40/good,");
        Assert.StartsWith("40/good,", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains(host.Log.Lines, line => line.Text.Contains("UseAdapter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_lock_is_held_while_the_program_makes_an_adapter()
    {
        ISocketServer? io = null;
        await using var host = await StartAsync(
            context =>
            {
                // Another thread asks for the namespaces meanwhile.
                if (context.Namespace == "/slow") Task.Run(() => io!.Of("/other")).Wait(TestHost.Patience);
                return new InMemoryAdapter(context);
            },
            io => io.OfAny(_ => true).On("unused", () => { }));
        io = host.Io;
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("40/slow,");

        Assert.StartsWith("40/slow,", await client.ReadAsync().WaitAsync(TestHost.Patience / 2), StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(Func<AdapterContext, Adapter> create, Action<SocketEndpointBuilder> map) =>
        TestHost.StartAsync(map, build: builder => builder.Services.AddSocketIO().UseAdapter(create));

    private sealed class Faulty(AdapterContext context) : Adapter
    {
        private readonly InMemoryAdapter _local = new(context);

        public Func<bool> FailsToAdd { get; init; } = static () => false;

        public override void Start() => throw Fault();

        public override void Stop() => throw Fault();

        public override void Add(Member member)
        {
            if (FailsToAdd()) throw Fault();
            _local.Add(member);
        }

        public override IReadOnlyCollection<string> Remove(Member member) => throw Fault();

        public override void Join(Member member, ReadOnlySpan<string> rooms) => _local.Join(member, rooms);

        public override void Leave(Member member, ReadOnlySpan<string> rooms) => _local.Leave(member, rooms);

        public override IReadOnlyCollection<string> RoomsOf(Member member) => _local.RoomsOf(member);

        public override Member? Find(string socketId) => _local.Find(socketId);

        public override ValueTask BroadcastAsync(EncodedEvent @event, Target target) => throw Fault();

        public override ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel) => throw Fault();

        public override ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel) => throw Fault();

        public override ValueTask<int> CountAsync(Target target, CancellationToken cancel) => throw Fault();

        public override ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel) => throw Fault();

        public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms) => throw Fault();

        public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms) => throw Fault();

        public override ValueTask DisconnectAsync(Target target, bool close) => throw Fault();

        private static InvalidOperationException Fault() => new("An adapter's fault.");
    }
}
