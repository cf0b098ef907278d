namespace SocketIOServer.Fuzz.Targets;

/// <summary>A piece of code that reads what a client sends. It throws what is a finding, and nothing else.</summary>
internal abstract class Target
{
    // By their names, which are those of the folders of the corpus. Made late: instrumented code cannot run before the fuzzer does.
    private static readonly Dictionary<string, Func<Target>> All = new()
    {
        ["json"] = static () => new JsonTarget(),
        ["messagepack"] = static () => new MessagePackTarget(),
        ["engine3"] = static () => new EngineTarget("3"),
        ["engine4"] = static () => new EngineTarget("4"),
        ["websocket"] = static () => new WebSocketTarget(),
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Func<Target>? Find(string name) => All.GetValueOrDefault(name);

    public abstract void Read(byte[] input);

    protected static void Check(bool isTrue, string promise)
    {
        if (!isTrue) throw new InvalidOperationException("This does not hold: " + promise);
    }
}
