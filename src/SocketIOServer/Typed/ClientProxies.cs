using System.ComponentModel;

namespace SocketIOServer;

/// <summary>For the code that the source generator writes for client interfaces. Programs use As and SocketController instead.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ClientProxies
{
    /// <summary>Called once for each interface, when its assembly is loaded.</summary>
    public static void Register<TClient>(Func<IEmitter, TClient> create)
        where TClient : class => Maker<TClient>.Create = create;

    /// <summary>A method with a result: one socket can answer, many cannot.</summary>
    public static Task<T> CallAsync<T>(IEmitter to, string name, ReadOnlySpan<object?> args, CancellationToken cancel) =>
        to is IRemoteSocket socket
            ? socket.CallArgsAsync<T>(name, args, null, cancel)
            : throw new NotSupportedException($"\"{name}\" has a result, so it needs a single socket. CallAsync of a set asks many.");

    internal static TClient Create<TClient>(IEmitter to)
        where TClient : class
    {
        var create = Maker<TClient>.Create ?? throw new InvalidOperationException(
            $"There is no class for {typeof(TClient)}. It must be an interface, and the assembly with SocketController<{typeof(TClient).Name}> or As<{typeof(TClient).Name}>() must be compiled with the generator of this package.");
        return create(to);
    }

    private static class Maker<TClient>
        where TClient : class
    {
        public static Func<IEmitter, TClient>? Create { get; set; }
    }
}
