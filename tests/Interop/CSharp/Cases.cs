using System.Text.Json;

namespace SocketIOServer.Interop.CSharp;

/// <summary>What every client must be able to do: text, numbers, binary and acks in both directions, namespaces, many messages in order.</summary>
internal static class Cases
{
    private static readonly byte[] Bytes = [1, 2, 255, 0];

    public static Dictionary<string, Func<Connection, Task>> All { get; } = new()
    {
        ["text there and back"] = async t =>
        {
            await t.ConnectAsync();
            foreach (var text in (string[])["hello", "grüß 中文", "😀👨‍👩‍👧", "\"\\\n\u2028"]) Same(text, (await t.CallAsync("echo", text)).GetValue<string>());
            var repeated = t.NextAsync("repeated");
            await t.Client.EmitAsync("repeat", "one", 2);
            Same("one 2", $"{(await repeated).GetValue<string>()} {(await repeated).GetValue<int>(1)}");
        },
        ["typed arguments"] = async t =>
        {
            await t.ConnectAsync();
            var answer = await t.CallAsync("typed", "text", 7, 1.5, true, new { name = "Ann", count = 2, tags = new[] { "a" } });
            Same("text 7 1.5 true", answer.GetValue<string>());
            Same("""{"name":"Ann","count":2,"tags":["a"]}""", answer.GetValue<JsonElement>(1).GetRawText());
        },
        ["whole floats for integers"] = async t =>
        {
            await t.ConnectAsync();
            Same("AB", (await t.CallAsync("text of", JsonDocument.Parse("[65.0,6.6e1]").RootElement)).GetValue<string>());
        },
        ["binary to the server"] = async t =>
        {
            await t.ConnectAsync();
            Same("0102ff00", (await t.CallAsync("hex of", Bytes)).GetValue<string>());
        },
        ["binary from the server, as an ack and as an event"] = async t =>
        {
            await t.ConnectAsync();
            Same("0102FF00", Convert.ToHexString((await t.CallAsync("bytes of", "0102ff00")).GetValue<byte[]>()));
            var told = t.NextAsync("bytes");
            await t.Client.EmitAsync("tell bytes of", "0102ff00");
            Same("0102FF00", Convert.ToHexString((await told).GetValue<byte[]>()));
        },
        ["the server asks and the client answers"] = async t =>
        {
            var client = await t.ConnectAsync();
            var answered = Answer(client, question => $"got {question.GetValue<string>()}");
            Same("got it", (await t.CallAsync("ask me", "it")).GetValue<string>());
            await answered;
        },
        ["the server asks about bytes"] = async t =>
        {
            var client = await t.ConnectAsync();
            var answered = Answer(client, question => Convert.ToHexString(question.GetValue<byte[]>()));
            Same("0102FF00", (await t.CallAsync("ask me about bytes", "0102ff00")).GetValue<string>());
            await answered;
        },
        ["another namespace, with credentials"] = async t =>
        {
            await t.ConnectAsync("/chat", auth: t.IsOld ? null : new { token = "abc" });
            Same("hi", (await t.CallAsync("echo", "hi")).GetValue<string>());
            Same("/chat", t.Client.Namespace);
        },
        ["many messages in order"] = async t =>
        {
            var client = await t.ConnectAsync();
            var seen = new List<int>();
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            client.On("repeated", response =>
            {
                seen.Add(response.GetValue<int>());
                if (seen.Count == 200) all.TrySetResult();
            });
            for (var i = 0; i < 200; i++) await client.EmitAsync("repeat", i);
            await all.Task.WaitAsync(TimeSpan.FromSeconds(20));
            Same(string.Join(' ', Enumerable.Range(0, 200)), string.Join(' ', seen));
        },
        ["it outlives several heartbeats"] = async t =>
        {
            await t.ConnectAsync();
            await Task.Delay(TimeSpan.FromSeconds(3));
            Same("alive", (await t.CallAsync("echo", "alive")).GetValue<string>());
        },
    };

    /// <summary>
    /// Answers the server's question. The task ends when the client has sent the answer: the server may go on before the client's POST
    /// has ended, and a client that is disposed meanwhile throws on a thread of the pool.
    /// </summary>
    private static Task Answer(SocketIOClient.SocketIO client, Func<SocketIOClient.SocketIOResponse, string> answer)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.On("question", async question =>
        {
            try
            {
                await question.CallbackAsync(answer(question));
                sent.TrySetResult();
            }
            catch (Exception e)
            {
                sent.TrySetException(e);
            }
        });
        return sent.Task;
    }

    private static void Same(string expected, string actual)
    {
        if (expected != actual) throw new InvalidOperationException($"expected {expected}, got {actual}");
    }
}
