using SocketIOClient;

using var client = new SocketIO("http://localhost:5000");
client.OnConnected += (_, _) => Console.WriteLine($"connected as {client.Id}");
client.OnError += (_, message) => Console.WriteLine($"refused: {message}");
client.OnDisconnected += (_, reason) => Console.WriteLine($"disconnected: {reason}");
client.On("chat message", response => Console.WriteLine($"heard {response.GetValue<string>()}"));

await client.ConnectAsync();
await client.EmitAsync("chat message", answer => Console.WriteLine($"the server took {answer.GetValue<int>()} characters"), "hello");
Console.ReadLine();
