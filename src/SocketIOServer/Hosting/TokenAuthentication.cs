using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Hosting;

/// <summary>
/// Takes the user from a token that the client sends with its CONNECT, because a browser cannot set headers of a WebSocket. ASP.NET's authentication reads the
/// token as if it were in the Authorization header of a request.
/// </summary>
internal sealed class TokenAuthentication(string member, string? scheme)
{
    /// <summary>Returns null if there is no token, otherwise the user or a failure.</summary>
    public async ValueTask<AuthenticateResult?> RunAsync(Handshake handshake, IServiceProvider services)
    {
        if (handshake.Auth.ValueKind != JsonValueKind.Object || !handshake.Auth.TryGetProperty(member, out var token)) return null;
        // A page that has no token yet sends null or nothing.
        if (token.ValueKind == JsonValueKind.Null || token.ValueKind == JsonValueKind.String && token.ValueEquals(""u8)) return null;
        if (token.ValueKind != JsonValueKind.String) return AuthenticateResult.Fail("The token is not a string");
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = handshake.IsSecure ? "https" : "http";
        // Undecoded, because decoding throws for an invalid host.
        context.Request.Headers.Host = handshake.Headers.Host;
        context.Request.Headers.Authorization = "Bearer " + token.GetString();
        return await services.GetRequiredService<IAuthenticationService>().AuthenticateAsync(context, scheme);
    }
}
