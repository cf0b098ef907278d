using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Micro;

/// <summary>
/// One event from its frame to its handler, and what the handler answers to the frame that is written: everything but the network.
/// The baseline takes an event with an object as it came and emits it: the barest handler there is for that event.
/// </summary>
public class HandlerBenchmarks
{
    private static readonly byte[] Text = "42[\"text\",\"01234567890123456789012345678901\"]"u8.ToArray();
    private static readonly byte[] Record = "42[\"record\",{\"data\":\"01234567890123456789012345678901\"}]"u8.ToArray();
    private static readonly byte[] ByHand = "42[\"hand\",{\"data\":\"01234567890123456789012345678901\"}]"u8.ToArray();
    private static readonly byte[] Raw = "42[\"raw\",{\"data\":\"01234567890123456789012345678901\"}]"u8.ToArray();
    private static readonly byte[] Ack = "421[\"ack\",{\"data\":\"01234567890123456789012345678901\"}]"u8.ToArray();
    private static readonly byte[] Service = "42[\"service\"]"u8.ToArray();
    private static readonly byte[] Unknown = "42[\"unknown\",{\"data\":\"01234567890123456789012345678901\"}]"u8.ToArray();

    private MemoryClient _client = null!;

    [GlobalSetup]
    public void Setup() => _client = MemoryClient.Join(Servers.Start(io => io
        .On("text", (string text, ISocket socket) => socket.EmitAsync("text", text))
        .On("record", (Message message, ISocket socket) => socket.EmitAsync("record", message))
        .On("hand", (JsonElement json, ISocket socket) => socket.EmitAsync("hand", json.Deserialize<Message>(JsonSerializerOptions.Web)))
        .On("raw", (JsonElement json, ISocket socket) => socket.EmitAsync("raw", json))
        .On("ack", (Message message) => message)
        .On("service", (ILogger<ISocket> log, ISocket socket) => socket.EmitAsync("service"))));

    [Benchmark(Description = "echo of an object as it came (JsonElement)")]
    public void EchoRaw() => _client.Send(Raw);

    [Benchmark(Description = "echo of the same as a typed record")]
    public void EchoRecord() => _client.Send(Record);

    [Benchmark(Description = "the same record, read by hand from JsonElement")]
    public void EchoByHand() => _client.Send(ByHand);

    [Benchmark(Description = "echo of a text")]
    public void EchoText() => _client.Send(Text);

    [Benchmark(Description = "ack of a typed record")]
    public void AckRecord() => _client.Send(Ack);

    [Benchmark(Description = "a handler with a service")]
    public void WithService() => _client.Send(Service);

    [Benchmark(Description = "an event without a handler")]
    public void NoHandler() => _client.Send(Unknown);

    public sealed record Message(string Data);
}
