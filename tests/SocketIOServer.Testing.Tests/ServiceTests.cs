using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Testing.Tests;

/// <summary>A program's own services, hosted ones among them, and a program's own server.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task Handlers_get_the_services_that_the_test_adds()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("greet", (Greeter greeter) => greeter.Text), services: services => services.AddSingleton(new Greeter("hello")));
        await using var client = await host.ConnectAsync();

        Assert.Equal("hello", await client.CallAsync<string>("greet"));
        Assert.Equal("hello", host.Services.GetRequiredService<Greeter>().Text);
    }

    [Fact]
    public async Task A_background_service_follows_the_clock()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { }, services: services => services.AddHostedService<Feed>());
        await using var client = await host.ConnectAsync();

        for (var i = 1; i <= 3; i++)
        {
            await host.Clock.WaitForTimerAsync(Feed.Interval);
            host.Clock.Advance(Feed.Interval);

            Assert.Equal(i, await client.NextAsync<int>("number"));
        }
    }

    [Fact]
    public async Task A_client_has_a_session()
    {
        await using var host = await SocketIOTestHost.StartAsync(
            io => io.On("count", (ISession session) =>
            {
                var count = (session.GetInt32("count") ?? 0) + 1;
                session.SetInt32("count", count);
                return count;
            }),
            services: services => services.AddDistributedMemoryCache().AddSession());
        await using var client = await host.ConnectAsync();

        Assert.Equal(1, await client.CallAsync<int>("count"));
        Assert.Equal(2, await client.CallAsync<int>("count"));
    }

    [Fact]
    public async Task A_program_is_tested_by_its_services()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<TimeProvider>(new FakeClock(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        builder.Services.AddSocketIO();
        await using var app = builder.Build();
        app.MapSocketIO().On("year", (TimeProvider time) => time.GetUtcNow().Year);

        await using var host = SocketIOTestHost.Over(app.Services);
        await using var client = await host.ConnectAsync();

        Assert.Equal(2030, await client.CallAsync<int>("year"));
        host.Clock.Advance(TimeSpan.FromDays(366));
        Assert.Equal(2031, await client.CallAsync<int>("year"));
    }

    [Fact]
    public async Task A_program_that_names_no_clock_has_the_systems()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddSocketIO();
        await using var app = builder.Build();
        app.MapSocketIO().On("clock", (TimeProvider time) => ReferenceEquals(time, TimeProvider.System));

        await using var host = SocketIOTestHost.Over(app.Services);
        await using var client = await host.ConnectAsync();

        Assert.True(await client.CallAsync<bool>("clock"));
    }

    [Fact]
    public async Task One_of_several_servers_is_tested_by_its_name()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO();
        builder.Services.AddSocketIO("devices");
        await using var app = builder.Build();
        app.MapSocketIO().On("who", () => "pages");
        app.MapSocketIO("/devices", "devices").On("who", () => "devices");

        await using var pages = SocketIOTestHost.Over(app.Services);
        await using var devices = SocketIOTestHost.Over(app.Services, "devices");
        await using var page = await pages.ConnectAsync();
        await using var device = await devices.ConnectAsync();

        Assert.Equal("pages", await page.CallAsync<string>("who"));
        Assert.Equal("devices", await device.CallAsync<string>("who"));
        Assert.Contains("\"other\"", Assert.Throws<InvalidOperationException>(() => SocketIOTestHost.Over(app.Services, "other")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_clock_cannot_be_moved()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { }, services: services => services.AddSingleton(TimeProvider.System));

        Assert.Contains("FakeClock", Assert.Throws<InvalidOperationException>(() => host.Clock).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_without_a_server_says_so()
    {
        using var services = new ServiceCollection().BuildServiceProvider();

        Assert.Contains("AddSocketIO", Assert.Throws<InvalidOperationException>(() => SocketIOTestHost.Over(services)).Message, StringComparison.Ordinal);
    }

    private sealed record Greeter(string Text);

    private sealed class Feed(ISocketServer io, TimeProvider time) : BackgroundService
    {
        public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(Interval, time);
            for (var number = 1; await timer.WaitForNextTickAsync(stoppingToken); number++) await io.EmitAsync("number", number);
        }
    }
}
