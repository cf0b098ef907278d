using System.Text;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The two forms of revision 3, and the client 1.x that encodes its text twice.</summary>
public sealed class PollingV3Tests : EngineTests
{
    private const string Oldest = "&t=1795234148611-0";

    [Fact]
    public async Task Lengths_count_UTF16_units()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3, "&b64=1");

        Assert.Equal((200, "ok"), await client.PostAsync("6:4hello2:4€3:4😀"));

        Assert.Equal("6:4hello2:4€3:4😀", await client.PollAsync());
        Assert.Equal(["hello", "€", "😀"], host.Find(client).Received);
    }

    [Fact]
    public async Task With_b64_binary_goes_inside_the_text()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3, "&b64=1");

        Assert.Equal((200, "ok"), await client.PostAsync("10:b4AQIDBA==3:4hi"));

        Assert.Equal("10:b4AQIDBA==3:4hi", await client.PollAsync());
        Assert.Equal(["b:01020304", "hi"], host.Find(client).Received);
    }

    [Fact]
    public async Task The_binary_form_goes_in_and_out()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);
        var payload = Convert.FromHexString("0006ff3468656c6c6f0105ff0401020304");

        Assert.Equal((200, "ok"), await client.PostAsync(payload, "application/octet-stream"));
        var answer = await client.PollBytesAsync();

        Assert.Equal(payload, answer);
        Assert.Equal(["hello", "b:01020304"], host.Find(client).Received);
    }

    [Fact]
    public async Task Without_b64_text_alone_stays_in_the_text_form()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        await client.PostAsync("6:4hello");
        var text = await host.AskAsync(client.Url);
        host.Find(client).Send([1]);
        var binary = await host.AskAsync(client.Url);

        Assert.Equal(("6:4hello", "text/plain; charset=UTF-8"), (text.Body, text["Content-Type"]));
        Assert.Equal("application/octet-stream", binary["Content-Type"]);
    }

    [Fact]
    public async Task The_oldest_clients_get_every_answer_in_the_binary_form()
    {
        var host = await StartAsync();

        var open = await host.AskAsync($"/engine.io/?EIO=3&transport=polling{Oldest}");
        var client = await host.PollAsync(3, Oldest);
        await client.PostAsync("3:4hi");

        Assert.Equal("application/octet-stream", open["Content-Type"]);
        Assert.StartsWith("\0\u0001\u0001\u0008\ufffd0{\"sid\":", open.Body, StringComparison.Ordinal);
        Assert.Equal("0003ff346869", Convert.ToHexStringLower(await client.PollBytesAsync()));
    }

    [Theory]
    [InlineData("&t=1795234148611-0&b64=1")]
    [InlineData("&t=Q7yIr9o")]
    [InlineData("&t=Q7yIrNm.0")]
    [InlineData("&t=1795234148611")]
    [InlineData("&t=1795234148611-")]
    [InlineData("&t=17952341-0")]
    [InlineData("&t=179523414861x-0")]
    public async Task All_others_get_text(string query)
    {
        var host = await StartAsync();

        var client = await host.PollAsync(3, query);

        Assert.StartsWith("118:0{", client.Open, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4:4â\u0082¬", "€")]
    [InlineData("5:4ð\u009f\u0098\u0080", "😀")]
    [InlineData("4:4xÃ¤", "xä")]
    [InlineData("4:4í\u00a0\u0080", "\ufffd")]
    public async Task Text_that_was_encoded_twice_is_decoded_twice(string body, string text)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        Assert.Equal((200, "ok"), await client.PostAsync(body));

        Assert.Equal([text], host.Find(client).Received);
    }

    [Fact]
    public async Task A_client_that_sent_plain_text_once_is_taken_at_its_word()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        await client.PostAsync("2:4ä");
        await client.PostAsync("2:4€");
        await client.PostAsync("4:4xÃ¤");

        Assert.Equal(["ä", "€", "xÃ¤"], host.Find(client).Received);
    }

    [Fact]
    public async Task Text_of_the_binary_form_is_decoded_once()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        await client.PostAsync([0, 5, 0xff, .. Encoding.UTF8.GetBytes("4Ã¤")], "application/octet-stream");

        Assert.Equal(["Ã¤"], host.Find(client).Received);
    }

    [Fact]
    public async Task JSON_goes_out_in_ASCII_so_that_every_client_reads_the_same()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        host.Find(client).Session.Send(new OutgoingMessage("42[\"€😀\"]"u8.ToArray(), isJson: true));

        Assert.Equal("""24:42["\u20ac\ud83d\ude00"]""", await client.PollAsync());
    }

    [Fact]
    public async Task Text_that_is_no_JSON_and_no_ASCII_goes_out_in_the_binary_form()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        host.Find(client).Send("€");

        Assert.Equal("0004ff34e282ac", Convert.ToHexStringLower(await client.PollBytesAsync()));
    }
}
