using System.Security.Claims;

namespace SocketIOServer.Interop.Programs;

/// <summary>In place of a sign-in: ?user=ann is ann, which all clients can say on both transports.</summary>
internal static class QueryUser
{
    public static void Use(WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Query["user"].ToString() is { Length: > 0 } user)
            context.User = new(new ClaimsIdentity([new(ClaimTypes.Name, user), new(ClaimTypes.NameIdentifier, user)], "query"));
        return next();
    });
}
