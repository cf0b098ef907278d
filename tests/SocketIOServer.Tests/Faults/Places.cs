namespace SocketIOServer.Tests.Faults;

/// <summary>All of them; tests/FaultyProgram has what throws there. docs/handlers.md says the same in words.</summary>
internal static class Places
{
    private const string Refused = """{"message":"Connection refused","data":{"code":"failed"}}""";

    private static readonly string[] After = ["""["after","x"]"""];

    public static Dictionary<string, Place> All { get; } = new Place[]
    {
        // Handlers: no ack, the connection lives.
        new("handler"), new("handler-late"), new("handler-concurrent"), new("own"), new("fallback"),
        new("handler-null") { IsAlways = true },
        new("error") { Errors = 2 },
        new("any") { Ack = "[1]" },
        new("class-constructor"),
        new("service-constructor"),
        new("session-store"),
        new("event-policy"),
        new("filter-constructor"), new("filter-before"), new("filter-after"),
        new("filter-again") { Arguments = ",\"again\"", Ack = "[\"again\"]", Errors = 0 },

        // What ends: the handler has answered.
        new("class-dispose") { Ack = "[1]" },
        new("service-dispose") { Ack = "[1]" },
        new("service-dispose-late") { Ack = "[1]" },
        // A handler that ends before its filter does counts as seen by the filter: then there is no line.
        new("filter-unwaited") { Ack = "[]", IsToldOnce = true },
        new("filter-unwaited-at-once") { Ack = "[]", IsToldOnce = true },

        // Hooks, and who decides about a client.
        new("connecting") { Refusal = Refused },
        new("connecting-late") { Refusal = Refused },
        new("token") { Auth = """{"token":"x"}""", Refusal = Refused },
        new("policy") { Refusal = Refused },
        new("policies") { Refusal = Refused },
        new("refused-payload") { Refusal = """{"message":"no","data":{"code":"connection_refused"}}""" },
        new("predicate") { Refusal = """{"message":"Invalid namespace","data":{"code":"invalid_namespace"}}""" },
        new("auth-constructor") { Auth = """{"value":"x"}""", Refusal = Refused, IsForValues = true },
        new("connected") { IsSilent = true },
        new("disconnecting") { IsSilent = true },
        new("disconnected") { IsSilent = true },
        new("disconnected-token") { IsSilent = true },

        // Values: the caller's or the client's.
        new("argument-constructor") { Arguments = """,{"value":"x"}""", IsForValues = true },
        new("argument-converter") { Arguments = """,{"value":"x"}""", IsForValues = true },
        new("ack-constructor") { Ack = """["JsonException"]""", Errors = 0 },
        new("ack-converter") { Ack = """["JsonException"]""", Errors = 0 },
        new("ack-broadcast") { Ack = "[1]", IsForValues = true },
        new("emit-getter") { Events = After },
        new("emit-converter") { Events = After },
        new("emit-enumerable") { Events = After },
        new("emit-stream") { Events = After },
        new("emit-binary") { Events = After },
        new("emit-cycle") { Events = After, IsAlways = true },
        new("emit-recursion") { Events = After, IsAlways = true },
        new("emit-broadcast"),
        new("ack-result"),
        new("ack-exception"),

        // Functions that look on, count or decide.
        new("outgoing") { Events = After, Ack = "[]" },
        new("room") { Ack = "[]" },
        new("limiter-factory"), new("limiter-acquire"), new("limiter-lease"),
        new("limiter-dispose") { Ack = "[1]" },

        // The host's: logging, meters, traces, requests, time.
        new("logger") { Ack = "[1]", Errors = 0 },
        new("meter") { Ack = "[1]", IsToldOnce = true },
        new("trace-sample") { Ack = "[1]", IsToldOnce = true },
        new("trace-started") { Ack = "[1]", IsToldOnce = true },
        new("trace-stopped") { Ack = "[1]", IsToldOnce = true },
        new("cors-function") { HasNoSession = true, Header = "Origin" },
        new("cors-provider") { HasNoSession = true, Header = "Origin" },
        new("session-handshake") { HasNoSession = true },
        new("cookie") { HasNoSession = true, Transport = "polling" },
        new("user") { Header = "X-User", Transport = "polling", IsFree = true },
        new("time-now") { IsFree = true },
        new("time-stamp") { IsFree = true },
        new("time-timer") { IsFree = true },
    }.ToDictionary(place => place.Name);
}
