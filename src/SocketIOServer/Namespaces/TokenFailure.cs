using Microsoft.AspNetCore.Authentication;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Namespaces;

/// <summary>Why a client's token was refused: the code for the client, and the text for the log.</summary>
internal static class TokenFailure
{
    /// <summary>
    /// The code that tells the client whether to renew its token. Each scheme reports an expired token in its own way: by the type of an exception (JWT:
    /// SecurityTokenExpiredException) or by the text of the failure (ASP.NET's bearer tokens: "Token expired").
    /// </summary>
    public static string CodeOf(AuthenticateResult result) => IsExpired(result.Failure) ? "token_expired" : "invalid_token";

    /// <summary>For the log.</summary>
    public static string TextOf(AuthenticateResult result) =>
        result.Failure is { } failure ? $"{failure.GetType().Name}, {LogText.Of(failure.Message).TrimEnd('.')}" : "no authentication scheme knows it";

    private static bool IsExpired(Exception? failure)
    {
        // A scheme with several handlers collects their exceptions.
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
