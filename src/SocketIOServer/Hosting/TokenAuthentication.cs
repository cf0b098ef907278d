using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Hosting;

/// <summary>
/// The user by a token that the client sends with its CONNECT, where a browser can set no header. ASP.NET's own authentication reads it,
/// as if it had come in the Authorization header of a request.
/// </summary>
internal sealed class TokenAuthentication(string member, string? scheme)
{
    /// <summary>Null: there is no token. Otherwise who it is, or a failure.</summary>
    public async ValueTask<AuthenticateResult?> RunAsync(Handshake handshake, IServiceProvider services)
    {
        if (handshake.Auth.ValueKind != JsonValueKind.Object || !handshake.Auth.TryGetProperty(member, out var token)) return null;
        // A page that has no token yet sends null or nothing.
        if (token.ValueKind == JsonValueKind.Null || token.ValueKind == JsonValueKind.String && token.ValueEquals(""u8)) return null;
        if (token.ValueKind != JsonValueKind.String) return AuthenticateResult.Fail("The token is not a string");
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = handshake.IsSecure ? "https" : "http";
        // As it came: to decode a name throws where that cannot be done.
        context.Request.Headers.Host = handshake.Headers.Host;
        context.Request.Headers.Authorization = "Bearer " + token.GetString();
        return await services.GetRequiredService<IAuthenticationService>().AuthenticateAsync(context, scheme);
    }
}
