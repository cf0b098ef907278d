using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using SocketIOServer.Json;

namespace SocketIOServer.Events;

/// <summary>Finds the handlers in a <see cref="SocketController"/> class and adds them to its namespace.</summary>
internal static class ClassBinder
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The namespace of the class; null if it has no [Namespace].</summary>
    public static string? PathOf(Type type) => type.GetCustomAttribute<NamespaceAttribute>()?.Path;

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public static void Bind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(HandlerTable handlers, HandlerBinder binder)
        where T : SocketController
    {
        var count = 0;
        foreach (var method in typeof(T).GetMethods(All))
        {
            var isFallback = method.IsDefined(typeof(OnFallbackAttribute));
            if ((isFallback || method.IsDefined(typeof(OnAttribute))) && (!method.IsPublic || method.IsGenericMethodDefinition))
                throw new ArgumentException($"{typeof(T).Name}.{method.Name}: a method with [On] or [OnFallback] must be public and not generic.");
            if (isFallback)
            {
                handlers.AddFallback(binder.Bind<T>(nameof(SocketNamespaceBuilder.OnFallback), method, HandlerKind.Any));
                count++;
            }

            foreach (var on in method.GetCustomAttributes<OnAttribute>())
            {
                PacketEncoder.CheckName(on.Name);
                handlers.AddEvent(binder.Bind<T>(on.Name, method, HandlerKind.Event));
                count++;
            }
        }

        count += AddHook(nameof(SocketController.OnConnectingAsync), handlers.AddConnecting);
        count += AddHook(nameof(SocketController.OnConnectedAsync), handlers.AddConnected);
        count += AddHook(nameof(SocketController.OnDisconnectedAsync), handlers.AddDisconnected, HandlerKind.LeaveHook);
        if (count == 0) throw new ArgumentException($"{typeof(T).Name} has no handlers. Put [On(\"event\")] on a public method, or override OnConnectedAsync.");

        // Only the hooks that the class overrides, because each call creates an instance.
        int AddHook(string name, Action<Handler> add, HandlerKind kind = HandlerKind.Hook)
        {
            var method = typeof(T).GetMethod(name)!;
            if (method.DeclaringType == typeof(SocketController)) return 0;
            add(binder.Bind<T>(name, method, kind));
            return 1;
        }
    }

    public static IAuthorizeData[] AuthorizeOf(Type type) => [.. type.GetCustomAttributes(inherit: true).OfType<IAuthorizeData>()];
}
