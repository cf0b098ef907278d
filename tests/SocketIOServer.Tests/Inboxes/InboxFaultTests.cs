using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Tests.Inboxes;

/// <summary>A store of the program that fails, or returns what was not added.</summary>
public sealed class InboxFaultTests
{
    [Fact]
    public async Task A_store_that_fails_is_asked_again_and_an_emit_throws()
    {
        var store = new BadStore();
        await using var stage = await InboxStage.StartAsync(build: builder => builder.Services.AddSingleton<IInboxStore>(store));
        store.Fails = true;
        await using var client = await stage.JoinAsync("ada");
        await Assert.ThrowsAsync<TimeoutException>(() => stage.Io.ToUser("ada").Durable.EmitAsync("news").AsTask());
        await client.AssertAliveAsync();
        store.Fails = false;
        store.Messages.Add(new(1, InboxContentOf("""["news"]""")));

        stage.Host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("""420["news"]""", await client.ReadAsync());
        Assert.Equal(113, Assert.Single(stage.Host.Log.Errors).Id.Id);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_removed_and_the_next_one_is_sent()
    {
        var store = new BadStore();
        store.Messages.Add(new(1, new byte[] { 1, 2, 3 }));
        store.Messages.Add(new(2, new byte[] { 255, 255, 255, 255 }));
        store.Messages.Add(new(3, InboxContentOf("""["news"]""")));
        await using var stage = await InboxStage.StartAsync(build: builder => builder.Services.AddSingleton<IInboxStore>(store));
        await using var client = await stage.JoinAsync("ada");

        Assert.Equal("""420["news"]""", await client.ReadAsync());
        Assert.Equal([3], store.Messages.Select(message => message.Id));
        Assert.Equal([114, 114], stage.Host.Log.Errors.Select(line => line.Id.Id));
    }

    [Fact]
    public async Task A_flood_for_users_who_never_come_back_is_refused_and_others_get_their_events()
    {
        await using var stage = await InboxStage.StartAsync(inbox => inbox.MaxTotalBytes = 1 << 20);
        var text = new string('x', 200);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            try
            {
                await stage.Io.ToUser($"away{i % 10}").Durable.EmitAsync("flood", text);
            }
            catch (InboxFullException)
            {
                refused++;
            }
        }

        await using var client = await stage.JoinAsync("ada");
        for (var i = 0; i < 20; i++)
        {
            await stage.Io.ToUser("ada").Durable.EmitAsync("news", i);
            Assert.Equal($$"""42{{i}}["news",{{i}}]""", await client.ReadAsync());
        }

        Assert.InRange(refused, 15_000, 20_000);
        Assert.Equal(130, Assert.Single(stage.Host.Log.Lines, line => line.Level == LogLevel.Warning).Id.Id);
    }

    [Fact]
    public async Task A_durable_event_is_sent_although_as_many_acks_are_waited_for_as_may_be()
    {
        ISocket socket = null!;
        await using var stage = await InboxStage.StartAsync(options: options => options.MaxPendingAcks = 1, map: io => io.OnConnected((ISocket joined) => socket = joined));
        await using var client = await stage.JoinAsync("ada");
        var call = socket.CallAsync<int>("ask");
        Assert.Equal("""420["ask"]""", await client.ReadAsync());

        await stage.Io.ToUser("ada").Durable.EmitAsync("news");

        Assert.Equal("""421["news"]""", await client.ReadAsync());
        await client.SendAsync("430[7]");
        Assert.Equal(7, await call.Soon());
        // It does not take the place of a call either.
        var second = socket.CallAsync<int>("ask");
        Assert.Equal("""422["ask"]""", await client.ReadAsync());
        await client.SendAsync("432[8]");
        Assert.Equal(8, await second.Soon());
    }

    private static byte[] InboxContentOf(string json) => SocketIOServer.Inboxes.InboxContent.Write(System.Text.Encoding.UTF8.GetBytes(json), []);

    private sealed class BadStore : IInboxStore
    {
        public List<InboxMessage> Messages { get; } = [];

        public bool Fails { get; set; }

        public ValueTask<bool> AddAsync(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits, CancellationToken cancel = default) =>
            Fails ? throw new TimeoutException() : new(true);

        public ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count, CancellationToken cancel = default) =>
            Fails ? throw new TimeoutException() : new([.. Messages.Where(message => message.Id > after).Take(count)]);

        public ValueTask<bool> RemoveAsync(string inbox, long id, CancellationToken cancel = default) => new(Messages.RemoveAll(message => message.Id == id) > 0);
    }
}
