using System.Text.Json;

namespace SocketIOServer.Tests.Events;

/// <summary>OnAny and OnAnyOutgoing of one socket.</summary>
public sealed class OwnObserverTests
{
    private readonly Inbox<string> _seen = new();

    [Fact]
    public async Task OnAny_sees_each_event_of_its_socket_after_the_namespaces_and_before_the_handler_until_it_is_taken_back()
    {
        await using var stage = await Stage.StartAsync(io => io
            .OnAny((string name) => _seen.Add($"namespace {name}"))
            .On("e", (int value) => _seen.Add($"handler {value}")));
        var (one, other) = (await stage.JoinAsync(), await stage.JoinAsync());
        one.Socket.OnAny((string name, JsonElement[] args) => _seen.Add($"socket {name}{args[0]}"));

        Assert.Equal("431[]", await one.Client.AskAsync("""421["e",2]"""));
        await one.Client.SendAsync("""42["unknown",3]""");
        var ofOne = await _seen.NextAsync(5);
        Assert.Equal("431[]", await other.Client.AskAsync("""421["e",4]"""));
        one.Socket.OffAny();
        Assert.Equal("432[]", await one.Client.AskAsync("""422["e",5]"""));

        Assert.Equal(["namespace e", "socket e2", "handler 2", "namespace unknown", "socket unknown3"], ofOne.ToArray());
        Assert.Equal(["namespace e", "handler 4", "namespace e", "handler 5"], (await _seen.NextAsync(4)).ToArray());
        Assert.Empty(stage.Host.Log.Errors);
    }

    [Fact]
    public async Task OnAny_that_throws_keeps_nothing_from_the_handler()
    {
        await using var stage = await Stage.StartAsync(io => io.On("e", () => 1));
        var member = await stage.JoinAsync();
        member.Socket.OnAny(void (string name) => throw new InvalidOperationException(name));

        Assert.Equal("431[1]", await member.Client.AskAsync("""421["e"]"""));
        Assert.Equal("e", Assert.Single(stage.Host.Log.Errors).Exception!.Message);
    }

    [Fact]
    public async Task Off_takes_back_handlers_and_not_observers()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        member.Socket.OnAny((string name) => _seen.Add(name));
        member.Socket.Off();

        await member.Client.SendAsync("""42["e"]""");

        Assert.Equal("e", await _seen.NextAsync());
    }

    [Fact]
    public async Task OnAnyOutgoing_sees_what_goes_to_its_socket_and_nothing_else()
    {
        await using var stage = await Stage.StartAsync();
        var (one, other) = (await stage.JoinAsync("/", "room"), await stage.JoinAsync("/", "room", "muted"));
        var chat = await stage.JoinAsync(one, "/chat");
        one.Socket.OnAnyOutgoing(sent => _seen.Add($"{sent.Name}({string.Join(',', sent.Arguments)})"));

        await one.Socket.EmitAsync("own", 1);
        await one.Socket.Volatile.EmitAsync("volatile");
        _ = one.Socket.CallAsync("call", "?");
        await other.Socket.EmitAsync("other's");
        await other.Socket.To("room").EmitAsync("room");
        await one.Socket.To("room").EmitAsync("not the sender's");
        await stage.Io.To("muted").EmitAsync("muted");
        await stage.Io.Except("room").EmitAsync("excepted");
        await stage.Io.To(one.Socket.Id).EmitAsync("id");
        _ = stage.Io.CallAsync<int>("all", 7);
        await chat.Socket.EmitAsync("elsewhere");
        one.Socket.OffAnyOutgoing();
        await one.Socket.EmitAsync("too late");
        one.Socket.OnAnyOutgoing(sent => _seen.Add($"again {sent.Name}"));
        await one.Socket.EmitAsync("e");

        Assert.Equal(["own(1)", "volatile()", "call(?)", "room()", "id()", "all(7)", "again e"], (await _seen.NextAsync(7)).ToArray());
    }

    [Fact]
    public async Task An_observer_is_not_told_of_what_it_emits_itself()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        member.Socket.OnAnyOutgoing(sent => _ = member.Socket.EmitAsync("copy of " + sent.Name).AsTask());

        await member.Socket.EmitAsync("e");

        Assert.Equal(["""42["copy of e"]""", """42["e"]"""], await member.Client.ReadAsync(2));
    }

    [Fact]
    public async Task Observers_that_emit_to_each_others_sockets_are_told_once_each()
    {
        await using var stage = await Stage.StartAsync();
        var told = 0;
        for (var i = 0; i < 5; i++)
        {
            var member = await stage.JoinAsync();
            member.Socket.OnAnyOutgoing(sent =>
            {
                told++;
                _ = stage.Io.EmitAsync("copy").AsTask();
            });
        }

        await stage.Io.EmitAsync("e");

        Assert.Equal(5, told);
    }

    [Fact]
    public async Task Observers_come_and_go_on_several_threads()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var told = 0;

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                member.Socket.OnAnyOutgoing(_ => { });
                member.Socket.OffAnyOutgoing();
            }
        })));

        member.Socket.OffAnyOutgoing();
        member.Socket.OnAnyOutgoing(_ => told++);
        await member.Socket.EmitAsync("last");
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_socket_that_has_left_observes_no_longer()
    {
        await using var stage = await Stage.StartAsync();
        var (one, other) = (await stage.JoinAsync(), await stage.JoinAsync());
        one.Socket.OnAnyOutgoing(sent => _seen.Add(sent.Name));

        await one.Socket.DisconnectAsync();
        one.Socket.OnAnyOutgoing(sent => _seen.Add(sent.Name));
        await stage.Io.EmitAsync("late");
        other.Socket.OnAnyOutgoing(sent => _seen.Add("other " + sent.Name));
        await stage.Io.EmitAsync("e");

        Assert.Equal("other e", await _seen.NextAsync());
    }
}
