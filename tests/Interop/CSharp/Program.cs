using SocketIOClient.Transport;
using SocketIOServer.Interop.CSharp;

// NuGet's SocketIOClient against the server at the address given. A line for each case: "ok name", or "not ok name: what was wrong",
// and "done" with their number.
var url = new Uri(args[0]);
var runs = (from eio in (int[])[3, 4]
            from transport in (Way[])[new("polling", TransportProtocol.Polling, false), new("websocket", TransportProtocol.WebSocket, false), new("upgrade", TransportProtocol.Polling, true)]
            from test in Cases.All
            select RunAsync(new(url, eio, transport), test.Key, test.Value)).ToArray();
await Task.WhenAll(runs);
Console.WriteLine($"done {runs.Length}");

static async Task RunAsync(Connection connection, string name, Func<Connection, Task> test)
{
    string result;
    try
    {
        await test(connection).WaitAsync(TimeSpan.FromSeconds(30));
        result = $"ok {connection.Name}: {name}";
    }
    catch (Exception e)
    {
        // Whatever a case throws is its failure and no other's.
        result = $"not ok {connection.Name}: {name}: {e.Message.ReplaceLineEndings(" ")}";
    }

    await connection.DisposeAsync();
    Console.WriteLine(result);
}
