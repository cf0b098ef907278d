using Microsoft.AspNetCore.Builder;

namespace SocketIOServer.Hosting;

/// <summary>Passes conventions on to several endpoints: what RequireHost says of the server holds for the files below its path too.</summary>
internal sealed class AllConventions(IReadOnlyList<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var endpoint in endpoints) endpoint.Add(convention);
    }

    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var endpoint in endpoints) endpoint.Finally(finallyConvention);
    }
}
