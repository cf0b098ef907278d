using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO.Hosting;

namespace SocketIOServer.Hosting;

/// <summary>
/// Runs before the program's middleware. It gives a request that another server has forwarded the address and the scheme of its client, so that redirections to
/// https, rate limits and logs see what they would see without the detour.
/// </summary>
internal sealed class ForwardFilter(IServiceProvider services) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // A program that only emits has a bus and no server.
        if (services.GetService<SocketServers>() is { } servers) app.Use(next => Serve(servers, next));
        next(app);
    };

    private static RequestDelegate Serve(SocketServers servers, RequestDelegate next) => context =>
    {
        if (context.Request.Headers.TryGetValue(ForwardHeader.Name, out var header)) Note(servers, context, header.ToString());
        return next(context);
    };

    private static void Note(SocketServers servers, HttpContext context, string header)
    {
        var isExpected = false;
        foreach (var node in servers.Clusters)
        {
            if (node.Key is not { } key) continue;
            isExpected = true;
            if (ForwardHeader.Read(header, key, context.Request.Method, ForwardFeature.TargetOf(context), node.Time.GetUtcNow()) is not { } forwarded) continue;
            context.Features.Set(new ForwardFeature(key, new(forwarded.User, (ForwardCondition)forwarded.Condition)));
            context.Connection.RemoteIpAddress = forwarded.Address;
            context.Request.Scheme = forwarded.Scheme;
            return;
        }

        // Without a secret, the header means nothing.
        if (!isExpected) return;
        context.Features.Set(new ForwardFeature(null, new(null, default, IsForged: true)));
        // Tells the other server what is wrong. Nobody else sees it.
        context.Response.Headers[ForwardHeader.Name] = ForwardHeaders.Refused;
    }
}
