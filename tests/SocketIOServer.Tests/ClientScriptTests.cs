using System.Net;

namespace SocketIOServer.Tests;

/// <summary>Pages for Node's server ask for /socket.io/socket.io.js.</summary>
public sealed class ClientScriptTests
{
    [Theory]
    [InlineData("socket.io.js")]
    [InlineData("socket.io.min.js")]
    public async Task The_file_of_the_application_is_served(string name)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "// the client ü");
        await using var host = await TestHost.StartAsync(options: options => options.ClientFile = file);

        using var response = await host.Http.GetAsync(new Uri("/socket.io/" + name, UriKind.Relative));

        Assert.Equal("// the client ü", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/" + name);
        request.Headers.IfModifiedSince = response.Content.Headers.LastModified;
        using var again = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        await using var client = await SocketClient.JoinAsync(host);
        File.Delete(file);
    }

    [Fact]
    public async Task Without_it_there_is_none()
    {
        await using var host = await TestHost.StartAsync();

        using var response = await host.Http.GetAsync(new Uri("/socket.io/socket.io.js", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_not_there_fails_at_start() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => TestHost.StartAsync(options: options => options.ClientFile = "nowhere.js"));
}
