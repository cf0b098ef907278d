using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Chooses the ids of sessions: random ones, or those of <see cref="EngineOptions.GenerateId"/>. No two open sessions have the same id, on all paths of a
/// server together: an id that the application gives twice would hand one client's session to another. Any thread.
/// </summary>
internal sealed partial class SessionIds(Func<HttpContext, string>? generate, ILogger logger)
{
    // 120 bits: a session id is a secret that lets its holder speak for the client.
    private const int RandomBytes = 15;
    private const int MaxLength = 128;

    // A generator whose ids are short may meet one that is in use.
    private const int MaxAttempts = 3;

    // Only where the application generates ids.
    private readonly ConcurrentDictionary<string, byte> _inUse = new(StringComparer.Ordinal);
    private int _hasFailed;

    public static string CreateRandom()
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>An id that no open session has. <see cref="Release"/> must follow. Throws what the application's generator throws.</summary>
    public string Take(HttpContext context)
    {
        if (generate is null) return CreateRandom();
        for (var i = 0; i < MaxAttempts; i++)
        {
            var id = generate(context);
            if (!IsValid(id)) break;
            if (_inUse.TryAdd(id, 0)) return id;
        }

        // Once at a level that is seen: clients could fill the log otherwise.
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) LogUnusable(logger);
        else LogUnusableAgain(logger);
        var random = CreateRandom();
        _inUse[random] = 0;
        return random;
    }

    /// <summary>The session with this id has ended.</summary>
    public void Release(string id)
    {
        if (generate is not null) _inUse.TryRemove(id, out _);
    }

    // It stands unescaped in JSON, in cookies and in URLs.
    private static bool IsValid(string? id) => id is { Length: > 0 and <= MaxLength } && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    // Never the id: it is a secret.
    [LoggerMessage(14, LogLevel.Error, "GenerateId returned an id that an open connection has, or one that is not 1 to 128 letters, digits, \"-\" and \"_\". A random id is used. Further cases are logged at Debug.")]
    private static partial void LogUnusable(ILogger logger);

    [LoggerMessage(16, LogLevel.Debug, "GenerateId returned an id that cannot be used again. A random id is used.")]
    private static partial void LogUnusableAgain(ILogger logger);
}
