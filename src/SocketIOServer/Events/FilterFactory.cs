using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Events;

/// <summary>Makes a filter for one event from the services of its scope.</summary>
internal delegate IEventFilter FilterFactory(IServiceProvider services);

/// <summary>Filters by their type: the registered one, or one made for the event.</summary>
internal static class FilterFactories
{
    public static FilterFactory Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IEventFilter => static services => ActivatorUtilities.GetServiceOrCreateInstance<T>(services);
}
