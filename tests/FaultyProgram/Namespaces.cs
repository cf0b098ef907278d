using Microsoft.AspNetCore.Authorization;
using SocketIOServer;

namespace FaultyProgram;

/// <summary>One namespace for each place where the server calls the program; "go" is the event that gets there.</summary>
internal static class Namespaces
{
    public static void Map(SocketEndpointBuilder io)
    {
        io.On("ping", () => "pong");
        MapHandlers(io);
        MapHooks(io);
        MapArguments(io);
        MapEmits(io);
        MapFunctions(io);
    }

    private static SocketNamespaceBuilder Of(SocketEndpointBuilder io, string place) => io.Of("/" + place).On("ping", () => "pong");

    private static void MapHandlers(SocketEndpointBuilder io)
    {
        Of(io, "handler").On("go", () => Fault.At("handler"));
        Of(io, "handler-late").On("go", async () =>
        {
            await Task.Yield();
            Fault.At("handler-late");
        });
        Of(io, "handler-concurrent").On("go", [Concurrent(2)] async () =>
        {
            Fault.At("handler-concurrent");
            await Task.Yield();
        });
        Of(io, "handler-null").On("go", Task () => null!);
        Of(io, "own").OnConnected((ISocket socket) => socket.On("go", () => Fault.At("own")));
        Of(io, "any").OnAny((string name) => Fault.At("any")).On("go", () => 1);
        Of(io, "fallback").OnFallback((string name) => Fault.At("fallback"));
        Of(io, "error").On("go", int () => throw new NotImplementedException()).OnError(_ =>
        {
            Fault.At("error");
            return default;
        });
        io.Of<MadeNamespace>("/class-constructor");
        io.Of<MadeNamespace>("/class-dispose");
        Of(io, "service-constructor").On("go", (MadeService _) => 1);
        Of(io, "service-dispose").On("go", (DisposedService _) => 1);
        Of(io, "service-dispose-late").On("go", (LateDisposedService _) => 1);
        Of(io, "session-store").On("go", (ISession session) => session.IsAvailable);
        Of(io, "filter-constructor").AddFilter<MadeFilter>().On("go", () => 1);
        Of(io, "filter-before").AddFilter<FilterBefore>().On("go", () => 1);
        Of(io, "filter-after").AddFilter<FilterAfter>().On("go", () => 1);
        Of(io, "filter-again").AddFilter<FilterAgain>().On("go", (string? argument) =>
        {
            Fault.At("filter-again");
            return argument;
        });
        Of(io, "filter-unwaited").AddFilter<FilterUnwaited>().On("go", async () =>
        {
            await Task.Yield();
            Fault.At("filter-unwaited");
        });
        Of(io, "filter-unwaited-at-once").AddFilter<FilterUnwaited>().On("go", () => Fault.At("filter-unwaited-at-once"));
        Of(io, "event-policy").On("go", [Authorize("event")] () => 1);
    }

    private static void MapHooks(SocketEndpointBuilder io)
    {
        Of(io, "connecting").OnConnecting(() => Fault.At("connecting"));
        Of(io, "connecting-late").OnConnecting(async () =>
        {
            await Task.Yield();
            Fault.At("connecting-late");
        });
        Of(io, "refused-payload").OnConnecting(void () => throw new ConnectionRefusedException("no", new Gotten("refused-payload")));
        Of(io, "connected").OnConnected(() => Fault.At("connected"));
        Of(io, "disconnecting").OnDisconnecting(() => Fault.At("disconnecting"));
        Of(io, "disconnected").OnDisconnected(() => Fault.At("disconnected"));
        Of(io, "disconnected-token").OnConnected((ISocket socket) => { socket.Disconnected.Register(() => Fault.At("disconnected-token")); });
        Of(io, "token").AuthenticateToken("token", "faulty");
        Of(io, "policy").Authorize("namespace");
        Of(io, "policies").Authorize("none");
    }

    private static void MapArguments(SocketEndpointBuilder io)
    {
        Of(io, "argument-constructor").On("go", (Checked value) => 1);
        Of(io, "argument-converter").On("go", (Converted value) => 1);
        Of(io, "auth-constructor").OnConnecting(([FromAuth] Checked? value) => { });
        Of(io, "ack-constructor").On("go", (ISocket socket) => AskAsync<Checked>(socket));
        Of(io, "ack-converter").On("go", (ISocket socket) => AskAsync<Converted>(socket));
        Of(io, "ack-broadcast").On("go", async (ISocket socket) => (await socket.Everyone.CallAsync<Checked>("q")).Missing.Count);
    }

    private static async Task<string> AskAsync<T>(ISocket socket)
    {
        try
        {
            await socket.CallAsync<T>("q");
            return "an answer";
        }
        catch (Exception e)
        {
            return e.GetType().Name;
        }
    }

    private static void MapEmits(SocketEndpointBuilder io)
    {
        MapEmit(io, "emit-getter", _ => new Gotten("emit-getter"));
        MapEmit(io, "emit-converter", _ => new Converted());
        MapEmit(io, "emit-enumerable", _ => new Enumerated());
        MapEmit(io, "emit-stream", _ => new Streamed());
        MapEmit(io, "emit-binary", _ => new object[] { new byte[] { 1 }, new Gotten("emit-binary") });
        MapEmit(io, "emit-cycle", _ =>
        {
            var cycle = new List<object>();
            cycle.Add(cycle);
            return cycle;
        });
        MapEmit(io, "emit-recursion", socket => new Recursive(socket));
        Of(io, "emit-broadcast").On("go", (ISocket socket) => socket.Everyone.EmitAsync("bad", new Gotten("emit-broadcast")));
        Of(io, "ack-result").On("go", () => new Gotten("ack-result"));
        Of(io, "ack-exception").On("go", int () => throw new AckException(new Gotten("ack-exception")));
    }

    // Nothing of it goes out, and what is emitted next is whole.
    private static void MapEmit(SocketEndpointBuilder io, string place, Func<ISocket, object> create) => Of(io, place).On("go", async (ISocket socket) =>
    {
        try
        {
            await socket.EmitAsync("bad", create(socket));
        }
        finally
        {
            await socket.EmitAsync("after", "x");
        }
    });

    private static void MapFunctions(SocketEndpointBuilder io)
    {
        Of(io, "outgoing").OnAnyOutgoing(_ => Fault.At("outgoing")).On("go", (ISocket socket) => socket.EmitAsync("after", "x"));
        Of(io, "room").OnRoomChanged(_ => Fault.At("room")).On("go", (ISocket socket) => socket.JoinAsync("r"));
        Of(io, "limiter-factory").On("go", () => 1).LimitEvents(_ =>
        {
            Fault.At("limiter-factory");
            return new Limiter();
        });
        foreach (var place in (string[])["limiter-acquire", "limiter-lease", "limiter-dispose"]) Of(io, place).On("go", () => 1).LimitEvents(_ => new Limiter());
        io.OfAny(name =>
        {
            if (name == "/predicate") Fault.At("predicate");
            return false;
        });
        // What concerns all of the server, seen by some event.
        foreach (var place in (string[])["logger", "meter", "trace-sample", "trace-started", "trace-stopped", "time-now", "time-stamp", "time-timer", "cookie", "user"])
            Of(io, place).On("go", () => 1).OnConnecting(() => { });
    }
}
