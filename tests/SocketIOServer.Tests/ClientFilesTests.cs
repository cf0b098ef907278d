using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests;

/// <summary>Pages written for Node's server load the client from /socket.io/: a script, a module, the MessagePack bundle, and the maps of all.</summary>
public sealed class ClientFilesTests : IDisposable
{
    private static readonly string[] Names = ["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js", "socket.io.esm.min.js"];

    private readonly string _folder = Directory.CreateTempSubdirectory("client-files-").FullName;

    public ClientFilesTests()
    {
        foreach (var name in Names)
        {
            File.WriteAllText(Path.Combine(_folder, name), $"// {name} ü");
            File.WriteAllText(Path.Combine(_folder, name + ".map"), $"{{\"file\":\"{name}\"}}");
        }

        File.WriteAllText(Path.Combine(_folder, "secret.js"), "// not one of Node's");
    }

    public static TheoryData<string> Scripts => [.. Names];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Scripts))]
    public async Task Each_script_is_served_as_itself(string name)
    {
        await using var host = await StartAsync();

        using var response = await host.Http.GetAsync(Uri(name));

        Assert.Equal($"// {name} ü", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("public, max-age=0", response.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory, MemberData(nameof(Scripts))]
    public async Task Each_map_is_served_as_JSON(string name)
    {
        await using var host = await StartAsync();

        using var response = await host.Http.GetAsync(Uri(name + ".map"));

        Assert.Equal($"{{\"file\":\"{name}\"}}", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task The_tag_of_one_file_is_not_the_tag_of_another()
    {
        await using var host = await StartAsync();
        using var script = await host.Http.GetAsync(Uri("socket.io.js"));
        using var other = await host.Http.GetAsync(Uri("socket.io.min.js"));

        Assert.False(script.Headers.ETag!.IsWeak);
        Assert.NotEqual(script.Headers.ETag, other.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(host, script.Headers.ETag));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, other.Headers.ETag!));
    }

    [Theory]
    [InlineData("secret.js")]
    [InlineData("socket.io.js/")]
    [InlineData("socket.io.js.map.gz")]
    [InlineData("..%2fsocket.io.js")]
    [InlineData("socket.io.slim.js")]
    public async Task Nothing_else_of_the_folder_is_served(string name)
    {
        await using var host = await StartAsync();

        using var response = await host.Http.GetAsync(Uri(name));

        Assert.NotEqual("// not one of Node's", await response.Content.ReadAsStringAsync());
        Assert.Equal(name.EndsWith('/') ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
    }

    // A deployment that replaces the folder, while browsers ask by the tag that they have.
    [Fact]
    public async Task A_file_that_changes_or_vanishes_is_served_as_it_was_with_its_own_tag()
    {
        await using var host = await StartAsync();
        using var first = await host.Http.GetAsync(Uri("socket.io.js"));
        File.WriteAllText(Path.Combine(_folder, "socket.io.js"), "// another version");
        File.Delete(Path.Combine(_folder, "socket.io.min.js"));

        using var again = await host.Http.GetAsync(Uri("socket.io.js"));
        using var gone = await host.Http.GetAsync(Uri("socket.io.min.js"));

        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal("// socket.io.js ü", await again.Content.ReadAsStringAsync());
        Assert.Equal("// socket.io.min.js ü", await gone.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("a.example", HttpStatusCode.OK)]
    [InlineData("b.example", HttpStatusCode.NotFound)]
    public async Task They_and_the_info_page_follow_the_conventions_of_the_endpoint(string name, HttpStatusCode status)
    {
        await using var host = await TestHost.StartAsync(
            io => io.RequireHost("a.example"),
            options => options.ClientFiles = _folder,
            builder => builder.Environment.EnvironmentName = "Development");

        using var script = await AskAsync(host, name, "socket.io.js");
        using var info = await AskAsync(host, name, "info");

        Assert.Equal((status, status), (script.StatusCode, info.StatusCode));
    }

    // The page that signs a user in has the script too.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everybody_may_load_them_whatever_authorization_the_endpoint_requires(bool isFallback)
    {
        await using var host = await TestHost.StartAsync(
            io =>
            {
                if (!isFallback) io.RequireAuthorization();
            },
            options => options.ClientFiles = _folder,
            builder =>
            {
                builder.Services.AddAuthentication().AddCookie();
                builder.Services.AddAuthorization(options => options.FallbackPolicy = isFallback ? options.DefaultPolicy : null);
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
            });

        using var script = await host.Http.GetAsync(Uri("socket.io.js"));
        using var poll = await host.Http.GetAsync(Uri("?EIO=4&transport=polling"));

        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, poll.StatusCode);
    }

    [Fact]
    public async Task A_file_that_the_folder_lacks_is_not_found()
    {
        File.Delete(Path.Combine(_folder, "socket.io.esm.min.js"));
        await using var host = await StartAsync();

        using var response = await host.Http.GetAsync(Uri("socket.io.esm.min.js"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Clients_connect_beside_the_files()
    {
        await using var host = await StartAsync();
        using var head = await host.Http.SendAsync(new(HttpMethod.Head, Uri("socket.io.js")));

        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task Without_the_option_no_script_is_served()
    {
        await using var host = await TestHost.StartAsync();

        using var response = await host.Http.GetAsync(Uri("socket.io.js"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_folder_without_the_script_fails_at_start()
    {
        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => TestHost.StartAsync(options: options => options.ClientFiles = "nowhere"));

        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    private static Uri Uri(string name) => new("/socket.io/" + name, UriKind.Relative);

    private static async Task<HttpResponseMessage> AskAsync(TestHost host, string name, string file)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Uri(file));
        request.Headers.Host = name;
        return await host.Http.SendAsync(request);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestHost host, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Uri("socket.io.js"));
        request.Headers.IfNoneMatch.Add(tag);
        using var response = await host.Http.SendAsync(request);
        return response.StatusCode;
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(options: options => options.ClientFiles = _folder);
}
