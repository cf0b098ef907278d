using System.Text;
using System.Text.Json;
using SocketIOServer.Adapters;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>The JSON of python-socketio 5.16.3, captured, in both directions, and what is none of it.</summary>
public sealed class PythonMessageTests
{
    private const string Host = "243dfc3c13534aa197d04849324dfbb1";

    public static TheoryData<string> Lines =>
    [
        """{"method": "emit", "event": "hi", "data": [{"a": "\u00e9"}], "binary": false, "namespace": "/", "room": null, "skip_sid": null, "callback": null, "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "emit", "event": "hi", "data": ["x", 2], "binary": false, "namespace": "/chat", "room": "room1", "skip_sid": "S1", "callback": null, "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "emit", "event": "bin", "data": [[{"b": {"_placeholder": true, "num": 0}}], "AQI="], "binary": true, "namespace": "/", "room": null, "skip_sid": null, "callback": null, "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "emit", "event": "hi", "data": ["x"], "binary": false, "namespace": "/", "room": ["a", "b"], "skip_sid": ["c", "d"], "callback": null, "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "emit", "event": "hi", "data": ["q"], "binary": false, "namespace": "/", "room": "SID", "skip_sid": null, "callback": ["SID", "/", 7], "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "enter_room", "sid": "SID", "room": "room1", "namespace": "/", "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "leave_room", "sid": "SID", "room": "room1", "namespace": "/", "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "close_room", "room": "room1", "namespace": "/", "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "disconnect", "sid": "SID", "namespace": "/", "host_id": "243dfc3c13534aa197d04849324dfbb1"}""",
        """{"method": "callback", "host_id": "243dfc3c13534aa197d04849324dfbb1", "sid": "SID", "namespace": "/", "id": 7, "args": ["yes", {"n": 1}]}""",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_captured_message_is_read_and_written_as_it_was(string line)
    {
        Assert.True(TryRead(line, out var message));

        Assert.Equal(JsonSerializer.Serialize(JsonElement.Parse(line)), JsonSerializer.Serialize(JsonElement.Parse(Write(message, PythonDataForm.List))));
    }

    [Fact]
    public void The_parts_of_an_event_are_what_Python_means_by_them()
    {
        Assert.True(TryRead(Lines.ElementAt(2).Data, out var binary));
        Assert.Equal("""["bin",{"b": {"_placeholder": true, "num": 0}}]""", Encoding.UTF8.GetString(binary.Json.Span));
        Assert.Equal([1, 2], Assert.Single(binary.Attachments).ToArray());

        Assert.True(TryRead(Lines.ElementAt(3).Data, out var rooms));
        Assert.Equal(["a", "b"], rooms.Rooms);
        Assert.Equal(["c", "d"], rooms.Skipped);
    }

    [Theory]
    [InlineData("""{"method":"emit","event":"hi","data":{"a":1}}""", """["hi",{"a":1}]""")]
    [InlineData("""{"method":"emit","event":"hi","data":null}""", """["hi"]""")]
    [InlineData("""{"method":"emit","event":"hi","data":[null]}""", """["hi"]""")]
    [InlineData("""{"method":"emit","event":"hi","data":[ ]}""", """["hi"]""")]
    [InlineData("""{"method":"emit","event":"hi","data":[1],"argc":1}""", """["hi",[1]]""")]
    [InlineData("""{"data":[null,null],"later":[{}],"event":"hi","method":"emit","room":5}""", """["hi",null,null]""")]
    public void Data_is_a_list_of_arguments_or_one_of_them(string line, string json)
    {
        Assert.True(TryRead(line, out var message));

        Assert.Equal(json, Encoding.UTF8.GetString(message.Json.Span));
        Assert.Equal("/", message.Namespace);
        Assert.Null(message.HostId);
    }

    [Theory]
    [InlineData("""["hi"]""", "null")]
    [InlineData("""["hi",{"a":1}]""", """{"a":1}""")]
    [InlineData("""["hi",[1,2]]""", "[1,2]")]
    [InlineData("""["hi",1,2]""", "[1,2]")]
    public void Earlier_versions_get_the_bare_argument(string json, string data)
    {
        var bare = new PythonMessageWriter(Host, PythonDataForm.Bare).Emit("/", Encoding.UTF8.GetBytes(json), [], Target.Everyone, null, "", out _)!;

        Assert.Equal(data, JsonElement.Parse(bare).GetProperty("data").GetRawText());
        Assert.True(TryRead(Encoding.UTF8.GetString(bare), out var message));
        Assert.Equal(json, Encoding.UTF8.GetString(message.Json.Span));
        Assert.Equal("", message.Cluster);
    }

    [Fact]
    public void Earlier_versions_get_no_binary() =>
        Assert.Null(new PythonMessageWriter(Host, PythonDataForm.Bare).Emit("/", """["e",{"_placeholder":true,"num":0}]"""u8, [new byte[] { 1 }], Target.Everyone, null, "", out _));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"method":null}""")]
    [InlineData("""{"method":7}""")]
    [InlineData("""{"method":"emit"}""")]
    [InlineData("""{"method":"emit","event":"hi"}""")]
    [InlineData("""{"method":"emit","data":[]}""")]
    [InlineData("""{"method":"emit","event":7,"data":[]}""")]
    [InlineData("""{"method":"emit","event":["hi"],"data":[]}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"namespace":7}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"room":[]}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"room":{}}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"room":[["a"]]}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"room":1.5}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"room":"\ud800"}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"skip_sid":true}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"callback":"f"}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"callback":["s","/"]}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"callback":["s","/",-1]}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"callback":["s","/",1,2]}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"host_id":7}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"binary":1}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[],"binary":true}""")]
    [InlineData("""{"method":"emit","event":"hi","data":"x","binary":true}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[[{"_placeholder":true,"num":0}],7],"binary":true}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[[{"_placeholder":true,"num":0}],"?"],"binary":true}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[NaN]}""")]
    [InlineData("""{"method":"emit","event":"hi","data":[]}{""")]
    [InlineData("""{"method":"callback","host_id":"a","sid":"s","id":7}""")]
    [InlineData("""{"method":"callback","host_id":"a","sid":"s","args":[]}""")]
    [InlineData("""{"method":"callback","host_id":"a","id":7,"args":[]}""")]
    [InlineData("""{"method":"callback","host_id":"a","sid":"s","id":7,"args":{}}""")]
    [InlineData("""{"method":"enter_room","sid":"s"}""")]
    [InlineData("""{"method":"enter_room","room":"r"}""")]
    [InlineData("""{"method":"enter_room","sid":["s"],"room":"r"}""")]
    [InlineData("""{"method":"leave_room","sid":"s","room":["a","b"]}""")]
    [InlineData("""{"method":"close_room"}""")]
    [InlineData("""{"method":"close_room","room":null}""")]
    [InlineData("""{"method":"disconnect"}""")]
    [InlineData("""{"method":"disconnect","sid":null}""")]
    public void What_has_another_type_than_it_must_have_is_refused(string line) => Assert.False(TryRead(line, out _));

    [Fact]
    public void A_method_of_a_later_version_is_no_fault()
    {
        Assert.True(TryRead("""{"method":"whatever","data":{}}""", out var message));

        Assert.Equal(PythonMethod.Unknown, message.Method);
    }

    [Fact]
    public void What_is_too_deep_or_has_too_many_rooms_is_refused()
    {
        Assert.True(TryRead(Event(Nested(64)), out _));
        Assert.False(TryRead(Event(Nested(70)), out _));
        Assert.False(TryRead(Event(Nested(10_000)), out _));
        Assert.True(TryRead(Rooms(1000), out _));
        Assert.False(TryRead(Rooms(1001), out _));
        Assert.False(TryRead($$"""{"method":"emit","event":"e","data":[[],{{string.Join(',', Enumerable.Repeat("\"\"", 1001))}}],"binary":true}""", out _));
        Assert.False(PythonMessageReader.TryRead([.. "{\"method\":\""u8, 0xff, .. "\"}"u8], null, out _));

        static string Event(string argument) => $$"""{"method":"emit","event":"e","data":[{{argument}}]}""";
        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
        static string Rooms(int count) => $$"""{"method":"emit","event":"e","data":[],"room":[{{string.Join(',', Enumerable.Repeat("\"r\"", count))}}]}""";
    }

    [Fact]
    public void No_prefix_and_no_mutation_throws()
    {
        byte[][] all = [.. Lines.Select(line => Encoding.UTF8.GetBytes(line.Data))];
        foreach (var bytes in all)
        {
            for (var length = 0; length < bytes.Length; length++) Assert.False(PythonMessageReader.TryRead(bytes.AsSpan(0, length), null, out _));
        }

        var random = new Random(18);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = (byte[])all[random.Next(all.Length)].Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (PythonMessageReader.TryRead(bytes, null, out var message)) Write(message, PythonDataForm.List);
        }
    }

    private static bool TryRead(string line, out PythonMessage message) => PythonMessageReader.TryRead(Encoding.UTF8.GetBytes(line), null, out message);

    private static byte[] Write(in PythonMessage message, PythonDataForm form)
    {
        var writer = new PythonMessageWriter(message.HostId ?? Host, form);
        return message.Method switch
        {
            PythonMethod.Emit => writer.Emit(
                message.Namespace, message.Json.Span, message.Attachments, new() { Rooms = message.Rooms, Except = message.Skipped }, message.Rooms.IsEmpty ? null : message.Callback?.Id, null, out _)!,
            PythonMethod.Callback => PythonMessageWriter.Callback(message.HostId ?? Host, new(message.Sid!, message.Namespace, message.Id), message.Json.Span),
            PythonMethod.EnterRoom => writer.Change("enter_room"u8, message.Namespace, message.Sid, message.Room, null),
            PythonMethod.LeaveRoom => writer.Change("leave_room"u8, message.Namespace, message.Sid, message.Room, null),
            PythonMethod.CloseRoom => writer.Change("close_room"u8, message.Namespace, null, message.Room, null),
            PythonMethod.Disconnect => writer.Change("disconnect"u8, message.Namespace, message.Sid, null, null),
            _ => [],
        };
    }
}
