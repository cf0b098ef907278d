using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.EngineIO;

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
        if (token.ValueKind != JsonValueKind.String) return AuthenticateResult.Fail("The token is no text.");
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = handshake.IsSecure ? "https" : "http";
        // As it came: to decode a name throws where that cannot be done.
        context.Request.Headers.Host = handshake.Headers.Host;
        context.Request.Headers.Authorization = "Bearer " + token.GetString();
        return await services.GetRequiredService<IAuthenticationService>().AuthenticateAsync(context, scheme);
    }

    /// <summary>
    /// What a client is told of a token that was refused: one that was good once is to be renewed. Each scheme says so in its own way, by the type of
    /// an exception (JWT: SecurityTokenExpiredException) or in the text of the failure (ASP.NET's bearer tokens: "Token expired").
    /// </summary>
    public static string CodeOf(AuthenticateResult result) => IsExpired(result.Failure) ? "token_expired" : "invalid_token";

    /// <summary>For the log.</summary>
    public static string TextOf(AuthenticateResult result) =>
        result.Failure is { } failure ? $"{failure.GetType().Name}, {LogText.Of(failure.Message)}" : "no authentication scheme knows it";

    private static bool IsExpired(Exception? failure)
    {
        // A scheme with several handlers collects what they say.
        if (failure is AggregateException all) return all.InnerExceptions.Any(IsExpired);
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure.Message.Contains("expired", StringComparison.OrdinalIgnoreCase)) return true;
            for (var type = failure.GetType(); type is not null; type = type.BaseType)
            {
                if (type.Name.Contains("Expired", StringComparison.Ordinal)) return true;
            }
        }

        return false;
    }
}
