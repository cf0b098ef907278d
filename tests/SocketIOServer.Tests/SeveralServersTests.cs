using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests;

/// <summary>Two servers in one application, each with its own.</summary>
public sealed class SeveralServersTests
{
    [Fact]
    public async Task Each_has_its_path_its_options_its_handlers_and_its_facade()
    {
        await using var host = await TestHost.StartAsync(
            io => io.On("who", () => "first"),
            build: builder => builder.Services.AddSocketIO("admin", options => options.PingInterval = TimeSpan.FromSeconds(7)).AddFilter<Shout>(),
            use: app => app.MapSocketIO("/admin-io", "admin")
                .On("who", () => "admin")
                .On("tell", ([FromKeyedServices("admin")] ISocketServer io) => io.EmitAsync("told")));
        await using var one = await SocketClient.JoinAsync(host);
        await using var admin = await SocketClient.OpenAsync(host, path: "/admin-io/");

        Assert.Contains("\"pingInterval\":7000,", await admin.ReadAsync(), StringComparison.Ordinal);
        await admin.AskAsync("40");
        Assert.Equal("""431["first"]""", await one.AskAsync("""421["who"]"""));
        Assert.Equal("""431["ADMIN"]""", await admin.AskAsync("""421["who"]"""));
        Assert.Equal("""42["told"]""", await admin.AskAsync("""42["tell"]"""));
        Assert.Equal(1, await host.Io.CountAsync());
        await host.Services.GetRequiredKeyedService<ISocketServer>("admin").EmitAsync("from outside");
        Assert.Equal("""42["from outside"]""", await admin.ReadAsync());
        Assert.Equal("""432["first"]""", await one.AskAsync("""422["who"]"""));
    }

    [Fact]
    public async Task A_name_that_was_not_added_is_told()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(use: app => app.MapSocketIO("/x", "nobody")));

        Assert.Contains("AddSocketIO(\"nobody\")", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/socket.io")]
    [InlineData("/Socket.IO/")]
    [InlineData("socket.io")]
    public async Task A_server_is_mapped_to_a_path_once(string path)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(use: app => app.MapSocketIO(path)));

        Assert.Contains("was called before", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/socket.io", "", "")]
    [InlineData("/socket.io/", "a.example", "a.example")]
    public async Task Two_servers_on_one_path_and_host_do_not_start(string path, string host, string other)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(
            io => Require(io, host),
            build: builder => builder.Services.AddSocketIO("admin"),
            use: app => Require(app.MapSocketIO(path, "admin"), other)));

        Assert.Contains("Two Socket.IO servers are mapped to \"/socket.io\"", error.Message, StringComparison.Ordinal);

        static void Require(SocketEndpointBuilder io, string host)
        {
            if (host.Length > 0) io.RequireHost(host);
        }
    }

    [Fact]
    public async Task One_server_may_have_several_paths_and_one_path_several_hosts()
    {
        await using var host = await TestHost.StartAsync(
            io => io.RequireHost("127.0.0.1").On("who", () => "first"),
            build: builder => builder.Services.AddSocketIO("admin").Services.AddSocketIO("third"),
            use: app =>
            {
                app.MapSocketIO("/other");
                app.MapSocketIO("/socket.io", "admin").RequireHost("admin.example");
                app.MapGroup("").RequireHost("third.example").MapSocketIO("/socket.io", "third");
            });
        await using var one = await SocketClient.JoinAsync(host);
        await using var other = await SocketClient.OpenAsync(host, path: "/other/");
        await other.ReadAsync();
        await other.AskAsync("40");

        Assert.Equal("""431["first"]""", await one.AskAsync("""421["who"]"""));
        Assert.Equal("""431["first"]""", await other.AskAsync("""421["who"]"""));
    }

    public sealed class Shout : IEventFilter
    {
        public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next) =>
            await next(context) is string text ? text.ToUpperInvariant() : null;
    }
}
