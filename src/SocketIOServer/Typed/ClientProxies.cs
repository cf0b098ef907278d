using System.ComponentModel;

namespace SocketIOServer;

/// <summary>Where the source generator puts the classes that it writes for client interfaces. Programs use As and SocketController instead.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ClientProxies
{
    /// <summary>Called once for each interface, when its assembly is loaded.</summary>
    public static void Register<TClient>(Func<IEmitter, TClient> create)
        where TClient : class => Maker<TClient>.Create = create;

    /// <summary>A method with a result: one socket can answer, many cannot.</summary>
    public static Task<T> CallAsync<T>(IEmitter to, string name, ReadOnlySpan<object?> args, CancellationToken cancel) =>
        to is ISocket socket
            ? socket.CallArgsAsync<T>(name, args, null, cancel)
            : throw new NotSupportedException($"\"{name}\" has a result, so one socket is asked; IBroadcast.CallAsync asks many.");

    internal static TClient Create<TClient>(IEmitter to)
        where TClient : class
    {
        var create = Maker<TClient>.Create ?? throw new InvalidOperationException(
            $"There is no code for {typeof(TClient)}: it has to be an interface, and the assembly that says SocketController<{typeof(TClient).Name}> or As<{typeof(TClient).Name}>() compiled with this package's generator.");
        return create(to);
    }

    private static class Maker<TClient>
        where TClient : class
    {
        public static Func<IEmitter, TClient>? Create { get; set; }
    }
}
