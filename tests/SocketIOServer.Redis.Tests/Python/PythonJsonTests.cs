namespace SocketIOServer.Redis.Tests.Python;

/// <summary>With python-socketio 5.15.1 or later, which publishes JSON.</summary>
[Trait("With", "Python")]
public sealed class PythonJsonTests(PythonJsonTests.Fixture fixture) : PythonContract(fixture), IClassFixture<PythonJsonTests.Fixture>
{
    private readonly Fixture _fixture = fixture;

    [Fact]
    public async Task Several_and_binary_arguments_arrive_as_they_were()
    {
        await Hosts[0].Io.EmitAsync("args", "é😀", new byte[] { 1, 2 }, new { a = new byte[] { 3 } });
        foreach (var client in Clients)
        {
            Assert.Equal(["""452-["args","é😀",{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}}]""", "b:0102", "b:03"], (await client.ReadAsync(3)).Select(Plain));
        }
    }

    [Fact]
    public async Task Sockets_enter_and_leave_rooms_from_the_other_side()
    {
        await Hosts[0].Io.To(Clients[Python].Id).JoinAsync("x", "y");
        await _fixture.Python.RunAsync("enter_room", [Clients[1].Id, "x"]);
        await SettleAsync();
        await EmitAsync(0, "to x", "x");
        await AssertGotAsync("""42["to x",0]""", 1, Python);
        await EmitAsync(Python, "to x", "x");
        await AssertGotAsync("""42["to x",2]""", 1, Python);

        await Hosts[0].Io.To(Clients[Python].Id).LeaveAsync("x");
        await _fixture.Python.RunAsync("leave_room", [Clients[1].Id, "x"]);
        await SettleAsync();
        await EmitAsync(0, "nobody", "x");
        await EmitAsync(Python, "nobody", "x");
        await EmitAsync(1, "to y", "y");
        await AssertGotAsync("""42["to y",1]""", Python);
        await AssertNothingElseAsync();
    }

    public sealed class Fixture() : PythonFixture("python", needsJson: true);
}
