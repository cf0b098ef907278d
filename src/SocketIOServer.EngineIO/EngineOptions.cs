using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer;

/// <summary>
/// The settings of the Engine.IO layer: transports, heartbeat and limits. They are read once, when the endpoint is mapped. Every time span must be greater than
/// zero and at most <see cref="int.MaxValue"/> milliseconds (24 days). The same is true for the sum of <see cref="PingInterval"/> and <see
/// cref="PingTimeout"/>.
/// </summary>
public class EngineOptions
{
    // The maximum of setTimeout in a browser, which uses both spans of the heartbeat. The maximum of .NET timers is twice as long.
    private static readonly TimeSpan MaxSpan = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Whether clients 1.x and 2.x can connect. Default true. The socket id of such a client contains its session id, which is a secret.</summary>
    public bool AllowEngineIO3 { get; set; } = true;

    /// <summary>
    /// Whether a request without a revision (no <c>EIO</c> in its query) is treated as Engine.IO 3. The Swift client up to version 15 and some other programs
    /// send none. Default true. Has no effect if <see cref="AllowEngineIO3"/> is false.
    /// </summary>
    public bool AllowMissingRevision { get; set; } = true;

    /// <summary>
    /// Whether clients can use JSONP polling, for pages that cannot use anything else. Default false. CORS does not apply to script elements. Therefore the
    /// server checks Referer and Sec-Fetch-Site of such requests, and refuses them if the browser sends neither.
    /// </summary>
    public bool AllowJsonp { get; set; }

    /// <summary>The transports that clients can use. Default: polling and WebSocket.</summary>
    public IList<TransportKind> Transports { get; } = [TransportKind.Polling, TransportKind.WebSocket];

    /// <summary>Whether a polling session can move to WebSocket. Default true.</summary>
    public bool AllowUpgrades { get; set; } = true;

    /// <summary>
    /// Whether the server refuses requests from other origins that the CORS policy of ASP.NET Core does not allow, on every transport. If the policy allows an
    /// origin without credentials, a request of a user who is signed in by a cookie is refused too. Default true.
    /// </summary>
    public bool CheckOrigin { get; set; } = true;

    /// <summary>
    /// Returns the id of a user. Sockets have it as their UserId, and requests of another user for the same session are refused. Default: the claim <see
    /// cref="ClaimTypes.NameIdentifier"/>, otherwise the claim <c>sub</c>. If it returns null, the user has no id, and the session is bound to the name of the
    /// identity. It is called for each request of a user and for each token, on any thread. If it throws, the server logs the exception and refuses the request
    /// with 500.
    /// </summary>
    public Func<ClaimsPrincipal, string?> UserId { get; set; } =
        static user => user.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? user.FindFirst("sub")?.Value;

    /// <summary>
    /// Generates the id of a new connection from its first request. Default null: 120 random bits. The id is a secret that lets its holder send and receive in
    /// the client's place, so it must be as hard to guess as a random one; for clients 1.x and 2.x it is also the socket's id, which programs often show to
    /// others. 1 to 128 letters, digits, "-" and "_". If it has other characters or belongs to an open connection three times in a row, the server uses a random id and logs an Error.
    /// If the function throws, the request is refused with 500. Called on any thread, several calls at a time.
    /// </summary>
    public Func<HttpContext, string>? GenerateId { get; set; }

    /// <summary>Functions that are called when a connection is refused, opened, upgraded or closed, and before a request is answered.</summary>
    public EngineEvents Events { get; set; } = new();

    /// <summary>The time between two pings. Default 25 seconds.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long the server waits for the answer to a ping before it closes the connection. Default 20 seconds.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an upgrade can take. After that, the server closes only the new transport. Default 10 seconds.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one write can wait for a client that does not read. Default 10 seconds.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closing connection can take to send its queued messages and to end. Default 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one WebSocket message can take from its first fragment to its last. Default 30 seconds.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest size of a request body and of a decompressed WebSocket message, in bytes. Default 1,000,000.</summary>
    public int MaxPayload { get; set; } = 1_000_000;

    /// <summary>The largest number of frames of one WebSocket message, without control frames. Default 16,384.</summary>
    public int MaxFragments { get; set; } = 16_384;

    /// <summary>
    /// How many bytes can wait for one client. If more are queued, the client is too slow and the server closes the connection. Default 1 MiB. A single message
    /// that is larger is still sent if the queue is within the limit.
    /// </summary>
    public int MaxQueuedBytes { get; set; } = 1 << 20;

    /// <summary>The largest number of sessions at the same time. The server refuses further handshakes with 503. Default null: no limit.</summary>
    public int? MaxSessions { get; set; }

    /// <summary>
    /// Whether requests of a session that come from another address than its first request are refused. Default false, because the addresses of mobile clients
    /// change.
    /// </summary>
    public bool BindToRemoteAddress { get; set; }

    /// <summary>
    /// Whether the server offers permessage-deflate to WebSocket clients. Each message is compressed by itself; messages below 1,024 bytes are not compressed.
    /// Default false: compression takes CPU time, and if a message contains a secret together with text that an attacker chooses, its length gives information
    /// about the secret (CRIME).
    /// </summary>
    public bool WebSocketCompression { get; set; }

    /// <summary>
    /// A cookie with the session id in the response to a polling handshake, for load balancers that route by cookie. Default null: no cookie. The server never
    /// reads it. The cookie is HttpOnly, Secure on https, and SameSite=Lax unless the builder sets SameSite. A class that is derived from <see
    /// cref="CookieBuilder"/> is used as it is.
    /// </summary>
    public CookieBuilder? Cookie { get; set; }

    internal void Validate()
    {
        CheckSpan(PingInterval, nameof(PingInterval));
        CheckSpan(PingTimeout, nameof(PingTimeout));
        CheckSpan(PingInterval + PingTimeout, $"{nameof(PingInterval)} + {nameof(PingTimeout)}");
        CheckSpan(UpgradeTimeout, nameof(UpgradeTimeout));
        CheckSpan(SendTimeout, nameof(SendTimeout));
        CheckSpan(CloseTimeout, nameof(CloseTimeout));
        CheckSpan(MessageTimeout, nameof(MessageTimeout));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPayload);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxFragments);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxQueuedBytes);
        ArgumentNullException.ThrowIfNull(UserId);
        ArgumentNullException.ThrowIfNull(Events);
        if (Transports.Count == 0) throw new ArgumentException("Transports is empty. Add at least one transport.");
        if (Cookie is not null) SessionCookie.Validate(Cookie);
    }

    private protected static void CheckSpan(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxSpan, name);
    }
}
