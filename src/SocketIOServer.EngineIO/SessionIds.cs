using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Chooses the ids of sessions: random ones, or those of <see cref="EngineOptions.GenerateId"/>. No two open sessions on any path of a server have the same id,
/// because a duplicate would give one client access to the session of another. All members can be used from any thread.
/// </summary>
/// <param name="generate">The application's generator. Null: the ids are random.</param>
/// <param name="logger">Gets a line if the generator returns an id that cannot be used.</param>
/// <param name="takeNode">
/// Returns what each random id begins with, so that other servers can tell whose session it is. It is called for each new session. Null if there are no others.
/// </param>
internal sealed partial class SessionIds(Func<HttpContext, string>? generate, ILogger logger, Func<string>? takeNode = null)
{
    // 120 bits: a session id is a secret that lets its holder act as the client.
    private const int RandomBytes = 15;
    private const int MaxLength = 128;

    // A generator of short ids can return one that is in use.
    private const int MaxAttempts = 3;

    // Used only if the application generates ids.
    private readonly ConcurrentDictionary<string, byte> _inUse = new(StringComparer.Ordinal);
    private int _hasFailed;

    public static string CreateRandom()
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Returns an id that no open session has. <see cref="Release"/> must follow. Throws the exceptions of the application's generator.</summary>
    public string Take(HttpContext context)
    {
        var node = takeNode?.Invoke();
        if (generate is null) return node + CreateRandom();
        for (var i = 0; i < MaxAttempts; i++)
        {
            var id = generate(context);
            if (!IsValid(id)) break;
            if (_inUse.TryAdd(id, 0)) return id;
        }

        // Logged at Error once, because clients could otherwise fill the log.
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) LogUnusable(logger);
        else LogUnusableAgain(logger);
        var random = node + CreateRandom();
        _inUse[random] = 0;
        return random;
    }

    /// <summary>Called when the session with this id has ended.</summary>
    public void Release(string id)
    {
        if (generate is not null) _inUse.TryRemove(id, out _);
    }

    // The id is written without escaping in JSON, cookies and URLs.
    private static bool IsValid(string? id) => id is { Length: > 0 and <= MaxLength } && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    // The log never contains the id, because it is a secret.
    [LoggerMessage(14, LogLevel.Error, "GenerateId returned an id that an open connection has, or one that is not 1 to 128 letters, digits, \"-\" and \"_\". A random id is used. Further cases are logged at Debug.")]
    private static partial void LogUnusable(ILogger logger);

    [LoggerMessage(16, LogLevel.Debug, "GenerateId returned an id that cannot be used again. A random id is used.")]
    private static partial void LogUnusableAgain(ILogger logger);
}
