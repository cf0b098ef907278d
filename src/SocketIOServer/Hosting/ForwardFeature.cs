using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO.Hosting;

namespace SocketIOServer.Hosting;

/// <summary>A request that another server has forwarded, or says that it was.</summary>
/// <param name="Key">The secret of the cluster whose server has signed the request. Null: the signature is not valid.</param>
/// <param name="Request">What that server says.</param>
internal sealed record ForwardFeature(byte[]? Key, ForwardedRequest Request)
{
    /// <summary>Whether the statement is for a server of this cluster. A program can have servers in several.</summary>
    public bool IsFor(ClusterNode node) => node.Key is { } key && (Key is null || Key.AsSpan().SequenceEqual(key));

    /// <summary>The path and the query of a request as they came, which is what the signature covers.</summary>
    public static string TargetOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // A request to a proxy names the whole address.
        return target.StartsWith('/') ? target : context.Request.PathBase.Add(context.Request.Path).ToUriComponent() + context.Request.QueryString.ToUriComponent();
    }
}
