using System.Text;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Protocol.Tests.SocketIO;

public sealed class DialectTests
{
    [Fact]
    public void Only_old_clients_are_in_the_root_from_the_start()
    {
        Assert.True(SocketDialect.V4.JoinsRootOnOpen);
        Assert.False(SocketDialect.V5.JoinsRootOnOpen);
    }

    // Revision, the CONNECT; namespace, query and auth that are asked for.
    [Theory]
    [InlineData("5", "0", "/", "", "")]
    [InlineData("5", "0/", "/", "", "")]
    [InlineData("5", "0{\"token\":\"a\"}", "/", "", "{\"token\":\"a\"}")]
    [InlineData("5", "0/chat,{\"token\":\"a\"}", "/chat", "", "{\"token\":\"a\"}")]
    [InlineData("5", "0/chat", "/chat", "", "")]
    [InlineData("5", "0/chat?a=1,", "/chat?a=1", "", "")]
    [InlineData("5", "0/é😀,", "/é😀", "", "")]
    [InlineData("5", "0{\"t\":\"\\udfff\"}", "/", "", "{\"t\":\"\\ufffd\"}")]
    [InlineData("4", "0", "/", "", "")]
    [InlineData("4", "0/chat", "/chat", "", "")]
    [InlineData("4", "0/chat,", "/chat", "", "")]
    [InlineData("4", "0/chat?token=1&x=%20y", "/chat", "token=1&x=%20y", "")]
    [InlineData("4", "0/chat?token=1?x,", "/chat", "token=1?x", "")]
    [InlineData("4", "0/chat?,", "/chat", "", "")]
    [InlineData("4", "0/?token=1,", "/", "token=1", "")]
    [InlineData("4", "0/chat,{\"ignored\":1}", "/chat", "", "")]
    public void A_connect_asks_for_a_namespace(string revision, string text, string name, string query, string auth)
    {
        Assert.True(Dialect(revision).TryReadConnect(Decoding.Packet(text), out var request));

        Assert.Equal((name, query, auth), (request.Namespace, request.Query, Encoding.UTF8.GetString(request.Auth)));
    }

    [Theory]
    [InlineData("5", 255, true)]
    [InlineData("5", 256, true)]
    [InlineData("5", 257, false)]
    [InlineData("5", 100_000, false)]
    [InlineData("4", 256, true)]
    [InlineData("4", 257, false)]
    public void The_name_of_a_namespace_has_a_limit_in_bytes(string revision, int bytes, bool isValid)
    {
        var ascii = "/" + new string('a', bytes - 1);
        var other = "/" + new string('a', (bytes - 1) % 2) + new string('é', (bytes - 1) / 2);

        Assert.Equal(isValid, Dialect(revision).TryReadConnect(Decoding.Packet("0" + ascii), out _));
        Assert.Equal(isValid, Dialect(revision).TryReadConnect(Decoding.Packet("0" + other), out _));
    }

    [Fact]
    public void An_old_clients_query_does_not_count_as_the_name() =>
        Assert.True(SocketDialect.V4.TryReadConnect(Decoding.Packet("0/chat?" + new string('a', 1_000)), out _));

    [Theory]
    [InlineData("01")]
    [InlineData("01{}")]
    [InlineData("0/chat,7")]
    public void A_connect_of_revision_5_has_no_ack_id(string text) =>
        Assert.False(SocketDialect.V5.TryReadConnect(Decoding.Packet(text), out _));

    [Theory]
    [InlineData("5", "", "40{\"sid\":\"abc_-9\"}")]
    [InlineData("5", "/chat", "40/chat,{\"sid\":\"abc_-9\"}")]
    [InlineData("5", "/é", "40/é,{\"sid\":\"abc_-9\"}")]
    [InlineData("4", "", "40")]
    [InlineData("4", "/chat", "40/chat,")]
    public void A_socket_is_told_that_it_is_in(string revision, string name, string wire) =>
        Assert.Equal(wire, Text(Dialect(revision).Connected(PacketParser.Json, Wire.Utf8(name), "abc_-9", null)));

    [Theory]
    [InlineData("5", "", "40{\"sid\":\"abc_-9\",\"pid\":\"secret\"}")]
    [InlineData("4", "", "40")]
    public void A_client_that_can_recover_is_told_its_secret(string revision, string name, string wire) =>
        Assert.Equal(wire, Text(Dialect(revision).Connected(PacketParser.Json, Wire.Utf8(name), "abc_-9", "secret")));

    [Theory]
    [InlineData("5", "", "\"no\"", "", "44{\"message\":\"no\"}")]
    [InlineData("5", "/chat", "\"no\"", "", "44/chat,{\"message\":\"no\"}")]
    [InlineData("5", "/chat", "\"no\"", "{\"code\":1}", "44/chat,{\"message\":\"no\",\"data\":{\"code\":1}}")]
    [InlineData("5", "", "\"no\"", "null", "44{\"message\":\"no\",\"data\":null}")]
    [InlineData("4", "", "\"no\"", "", "44\"no\"")]
    [InlineData("4", "/chat", "\"no\"", "", "44/chat,\"no\"")]
    [InlineData("4", "/chat", "\"no\"", "{\"code\":1}", "44/chat,{\"code\":1}")]
    public void A_refusal_says_why(string revision, string name, string message, string data, string wire) =>
        Assert.Equal(wire, Text(Dialect(revision).Refused(PacketParser.Json, Wire.Utf8(name), Wire.Utf8(message), Wire.Utf8(data))));

    // Clients 1.4 and later compute the same id themselves.
    [Fact]
    public void An_old_clients_socket_id_is_made_of_the_sessions()
    {
        Assert.Equal("SID", SocketDialect.V4.SocketId("/", "SID", () => "new"));
        Assert.Equal("/chat#SID", SocketDialect.V4.SocketId("/chat", "SID", () => "new"));
    }

    [Fact]
    public void A_new_clients_socket_id_never_is_the_sessions()
    {
        Assert.Equal("new", SocketDialect.V5.SocketId("/", "SID", () => "new"));
        Assert.Equal("new", SocketDialect.V5.SocketId("/chat", "SID", () => "new"));
    }

    private static SocketDialect Dialect(string revision) => revision == "4" ? SocketDialect.V4 : SocketDialect.V5;

    private static string Text(OutgoingMessage message) => Encoding.UTF8.GetString(message.Head.Bytes);
}
