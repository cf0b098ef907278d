using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>
/// Two servers of ours, which are one cluster by AddRedis, beside one of Python by AddPython: 0 and 1 are ours, 2 is Python's, and each has the client of its
/// number. Whatever one of them sends, every client that it is for gets it once.
/// </summary>
public abstract class PythonContract(PythonFixture fixture) : IAsyncLifetime
{
    private protected const int Python = 2;

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private protected TestHost[] Hosts { get; } = new TestHost[Python];

    private protected Client[] Clients { get; } = new Client[Python + 1];

    /// <summary>A channel that each of ours listens to when it is connected.</summary>
    private protected virtual string OurChannel => "socket.io-response#/#";

    public async ValueTask InitializeAsync()
    {
        if (fixture.Missing is { } missing) Assert.Skip(missing);
        for (var i = 0; i < Python; i++)
        {
            Hosts[i] = await TestHost.StartAsync(build: builder => Connect(builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()).AddPython(Configure));
        }

        // It subscribes when its first client comes.
        Clients[Python] = await Client.JoinAsync(await SocketClient.ConnectAsync(fixture.Python.Address));
        await fixture.Redis.SubscribedAsync("NUMSUB", OurChannel, Python);
        await fixture.Redis.SubscribedAsync("NUMSUB", fixture.Channel, Python + 1);
        for (var i = 0; i < Python; i++) Clients[i] = await Client.JoinAsync(Hosts[i]);
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var client in Clients.OfType<Client>()) await client.DisposeAsync();
        foreach (var host in Hosts.OfType<TestHost>()) await host.DisposeAsync();
    }

    [Fact]
    public async Task A_broadcast_reaches_everybody_once_and_in_order()
    {
        for (var from = 0; from <= Python; from++)
        {
            for (var i = 0; i < 50; i++) await EmitAsync(from, $"news {i}");
            foreach (var client in Clients) Assert.Equal(Enumerable.Range(0, 50).Select(i => $"42[\"news {i}\",{from}]"), await client.ReadAsync(50));
        }

        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task What_Python_sends_arrives_as_it_was()
    {
        await fixture.Python.RunAsync("emit", ["args", PythonServer.Tuple("é😀", 2, 1.5, true, null, new object[] { 1 }, new { a = 1 })]);
        await fixture.Python.RunAsync("emit", ["bin", new { b = PythonServer.Bytes(1, 2) }]);
        await fixture.Python.RunAsync("emit", ["none"]);
        await fixture.Python.RunAsync("emit", ["list", new[] { 1, 2 }]);

        for (var i = 0; i < Python; i++)
        {
            Assert.Equal(
                ["""42["args","é😀",2,1.5,true,null,[1],{"a":1}]""", """451-["bin",{"b":{"_placeholder":true,"num":0}}]""", "b:0102", """42["none"]""", """42["list",[1,2]]"""],
                (await Clients[i].ReadAsync(5)).Select(Plain));
        }
    }

    [Fact]
    public async Task Rooms_ids_and_skipped_ids_span_the_servers()
    {
        await JoinAsync();

        for (var from = 0; from <= Python; from++)
        {
            await EmitAsync(from, "one", "a");
            await AssertGotAsync($"42[\"one\",{from}]", 0, Python);
            await EmitAsync(from, "two", "a", "b");
            await AssertGotAsync($"42[\"two\",{from}]", 0, 1, Python);
            for (var to = 0; to <= Python; to++)
            {
                await EmitAsync(from, "you", Clients[to].Id);
                await AssertGotAsync($"42[\"you\",{from}]", to);
                await EmitExceptAsync(from, "others", Clients[to].Id);
                await AssertGotAsync($"42[\"others\",{from}]", [.. Enumerable.Range(0, Python + 1).Where(i => i != to)]);
            }
        }

        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task A_room_is_closed_from_either_side()
    {
        await JoinAsync();
        await Hosts[0].Io.CloseRoomAsync("a");
        await fixture.Python.RunAsync("close_room", ["b"]);
        await SettleAsync();

        for (var from = 0; from <= Python; from++) await EmitAsync(from, "nobody", "a", "b");

        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task A_client_of_Python_answers_a_call_of_ours()
    {
        for (var from = 0; from < Python; from++)
        {
            var asking = Hosts[from].Io.To(Clients[Python].Id).CallAsync<string>("who", 7);
            Assert.EndsWith("""["who",7]""", await Clients[Python].AnswerAsync($"[\"é{from}\"]"), StringComparison.Ordinal);

            var reply = await asking.WaitAsync(TestHost.Patience);
            Assert.Equal($"é{from}", reply.Replies[Clients[Python].Id]);
            Assert.Empty(reply.Missing);
            Assert.Empty(reply.MissingNodes);
        }
    }

    [Fact]
    public async Task A_call_that_clients_of_ours_answer_does_not_wait_for_Python()
    {
        var asking = Hosts[0].Io.To(Clients[1].Id).CallAsync<int>("who");
        await Clients[1].AnswerAsync("[1]");

        Assert.Equal([1], (await asking.WaitAsync(TestHost.Patience)).Replies.Values);
        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task A_client_of_ours_answers_a_callback_of_Python()
    {
        for (var to = 0; to < Python; to++)
        {
            var asking = fixture.Python.RunAsync("emit", ["who", 7], new() { ["to"] = Clients[to].Id, ["callback"] = true });
            Assert.EndsWith("""["who",7]""", await Clients[to].AnswerAsync($"[\"é\",{to}]"), StringComparison.Ordinal);

            Assert.Equal($"[\"é\",{to}]", Plain((await asking).GetRawText()));
        }
    }

    [Fact]
    public async Task Each_side_disconnects_clients_of_the_other()
    {
        await Hosts[0].Io.To(Clients[Python].Id).DisconnectAsync();
        await fixture.Python.RunAsync("disconnect", [Clients[1].Id]);

        await AssertGotAsync("41", 1, Python);
    }

    /// <summary>Connects the servers of ours with each other.</summary>
    private protected virtual ISocketServerBuilder Connect(ISocketServerBuilder builder) => builder.AddRedis(fixture.Redis.Configuration);

    private void Configure(PythonOptions options)
    {
        options.Configuration = fixture.Redis.Configuration;
        options.Channel = fixture.Channel;
        options.DecodePickle = fixture.WritesPickles;
        options.DataForm = fixture.WritesPickles ? PythonDataForm.Bare : PythonDataForm.List;
    }

    private protected async Task EmitAsync(int from, string name, params string[] rooms)
    {
        if (from == Python) await fixture.Python.RunAsync("emit", [name, from], new() { ["to"] = rooms is [var one] ? one : rooms.Length == 0 ? null : rooms });
        else if (rooms.Length == 0) await Hosts[from].Io.EmitAsync(name, from);
        else await Hosts[from].Io.To(rooms).EmitAsync(name, from);
    }

    private async Task EmitExceptAsync(int from, string name, string id)
    {
        if (from == Python) await fixture.Python.RunAsync("emit", [name, from], new() { ["skip_sid"] = id });
        else await Hosts[from].Io.Except(id).EmitAsync(name, from);
    }

    // 0 and Python's in a, 1 in b.
    private async Task JoinAsync()
    {
        await Hosts[0].Io.To(Clients[0].Id).JoinAsync("a");
        await Hosts[1].Io.To(Clients[1].Id).JoinAsync("b");
        await fixture.Python.RunAsync("enter_room", [Clients[Python].Id, "a"]);
        await SettleAsync();
    }

    // What is sent to everybody comes behind what was sent before, on every way: 0 hears 1 and Python, 1 hears 0, Python hears both.
    private protected async Task SettleAsync()
    {
        for (var from = 0; from <= Python; from++)
        {
            // Python joins its namespace before its answer, but its listening thread may not have seen the room yet.
            await EmitAsync(from, "settle");
            await AssertGotAsync($"42[\"settle\",{from}]", 0, 1, Python);
        }
    }

    private protected async Task AssertGotAsync(string text, params int[] clients)
    {
        foreach (var i in clients) Assert.Equal((i, text), (i, await Clients[i].ReadAsync()));
    }

    // What is for nobody would come before what is for everybody.
    private protected Task AssertNothingElseAsync() => SettleAsync();

    // json.dumps of Python escapes letters and puts spaces between values; in an event they arrive so.
    private protected static string Plain(string packet) =>
        packet.IndexOf('[', StringComparison.Ordinal) is var start && start < 0 ? packet : packet[..start] + JsonSerializer.Serialize(JsonElement.Parse(packet[start..]), Unescaped).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal);
}
