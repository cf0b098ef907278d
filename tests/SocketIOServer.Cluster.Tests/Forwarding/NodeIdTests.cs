using System.Net;
using Microsoft.Extensions.Logging;
using SocketIOServer.Hosting;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>The ids of servers, which must differ, and their addresses.</summary>
public sealed class NodeIdTests
{
    [Fact]
    public async Task The_younger_of_two_servers_with_one_id_draws_again()
    {
        await using var servers = await ForwardingServers.StartAsync();
        await using var owner = await FakeOwner.JoinAsync(servers);
        var id = servers.Node(0).Id;

        owner.Say("hello", id, since: 1, "http://127.0.0.1:9", sender: "eeeeeeeeeeeeeeee");

        Assert.NotEqual(id, servers.Node(0).Id);
        Assert.Contains(servers[0].Log.Lines, line => line.Id.Id == 52);
        await Eventually.TrueAsync(() => servers.Node(1).Members.FindOwner(servers.Node(0).Id + "a")?.Member.Name == servers.Node(0).Options.NodeName, "the new id");
        var client = await PollingClient.JoinAsync(servers[0]);
        Assert.Equal((200, "ok"), await client.PostAtAsync(servers[1], """420["echo","a"]"""));
    }

    [Fact]
    public async Task The_older_one_keeps_its_id()
    {
        await using var servers = await ForwardingServers.StartAsync();
        await using var owner = await FakeOwner.JoinAsync(servers);
        var id = servers.Node(0).Id;

        owner.Say("hello", id, since: long.MaxValue, "http://127.0.0.1:9", sender: "eeeeeeeeeeeeeeee");
        owner.Say("hello", "othe", since: long.MaxValue, "http://127.0.0.1:9", sender: "eeeeeeeeeeeeeeee");

        Assert.Equal(id, servers.Node(0).Id);
        Assert.DoesNotContain(servers[0].Log.Lines, line => line.Id.Id is 52 or 53);
    }

    [Fact]
    public async Task With_sessions_an_id_stays_and_nothing_is_forwarded_to_either_server()
    {
        await using var servers = await ForwardingServers.StartAsync();
        await using var owner = await FakeOwner.JoinAsync(servers);
        var client = await PollingClient.JoinAsync(servers[0]);
        var id = servers.Node(0).Id;

        for (var i = 0; i < 5; i++) owner.Say("beat", id, since: 1, "http://127.0.0.1:9", sender: "eeeeeeeeeeeeeeee");

        Assert.Equal(id, servers.Node(0).Id);
        Assert.Single(servers[0].Log.Lines, line => line.Id.Id == 53 && line.Level == LogLevel.Error);
        Assert.Equal(400, (await client.PostAtAsync(servers[1], "3")).Status);
        Assert.Equal((200, "ok"), await client.PostAtAsync(servers[0], "3"));
    }

    [Fact]
    public async Task A_server_that_was_started_anew_with_its_id_and_its_address_is_found_at_once()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);

        owner.Say("hello", "web1", since: 1, "http://127.0.0.1:9", sender: "dddddddddddddddd");
        owner.Say("hello", "web1", since: 2, "http://127.0.0.1:9", sender: "eeeeeeeeeeeeeeee");

        Assert.Equal("eeeeeeeeeeeeeeee", servers.Node(0).Members.FindOwner("web1aaaa")?.Sender);
    }

    [Fact]
    public async Task A_chosen_id_begins_the_ids_of_sessions()
    {
        await using var servers = await ForwardingServers.StartAsync(1, o => o.NodeId = "web1");

        Assert.StartsWith("web1", (await PollingClient.ConnectAsync(servers[0])).Sid, StringComparison.Ordinal);
        Assert.Equal("web1", servers[0].Io.Cluster.NodeId);
    }

    [Theory]
    [InlineData("http://10.0.0.7:8080", "", "http://10.0.0.7:8080")]
    [InlineData("http://[::]:8080", "10.0.0.7", "http://10.0.0.7:8080")]
    [InlineData("http://0.0.0.0:8080 https://0.0.0.0:8443", "10.0.0.7", "http://10.0.0.7:8080")]
    [InlineData("http://*:8080", "10.0.0.7", "http://10.0.0.7:8080")]
    [InlineData("http://[::]:8080", "10.0.0.7 172.17.0.1", null)]
    [InlineData("http://10.0.0.7:8080 http://10.0.0.7:8081", "", null)]
    [InlineData("http://127.0.0.1:8080 http://[::1]:8080", "10.0.0.7", null)]
    [InlineData("http://localhost:8080", "10.0.0.7", null)]
    [InlineData("https://10.0.0.7:8443", "10.0.0.7", null)]
    [InlineData("http://unix:/run/chat.sock", "10.0.0.7", null)]
    [InlineData("", "10.0.0.7", null)]
    public void An_address_is_derived_if_only_one_is_possible(string bound, string own, string? expected) =>
        Assert.Equal(expected, NodeAddress.Derive(bound.Split(' '), [.. own.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)]));

    [Fact]
    public async Task An_address_without_a_secret_is_reported_once()
    {
        await using var servers = await ForwardingServers.StartAsync(1, o => (o.Address, o.Secret) = (new("http://10.0.0.7:8080"), null));

        Assert.Single(servers[0].Log.Lines, line => line.Id.Id == 55 && line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_secret_without_a_clear_address_is_reported_once()
    {
        await using var servers = await ForwardingServers.StartAsync(1);

        Assert.Single(servers[0].Log.Lines, line => line.Id.Id == 57 && line.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("abc", null, null)]
    [InlineData("ab;d", null, null)]
    [InlineData(null, "http://10.0.0.7:8080/path", null)]
    [InlineData(null, "ftp://10.0.0.7", null)]
    [InlineData(null, "/relative", null)]
    [InlineData(null, null, "short")]
    public void Wrong_settings_are_refused(string? id, string? address, string? secret) =>
        Assert.Throws<ArgumentException>(new ClusterOptions
        {
            NodeId = id,
            Address = address is null ? null : new(address, UriKind.RelativeOrAbsolute),
            Secret = secret,
        }.Validate);
}
