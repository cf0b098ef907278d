using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer;

/// <summary>
/// The settings of the Engine.IO layer: transports, heartbeat, limits. Read once, when the endpoint is mapped. Every time span is greater than
/// zero and at most <see cref="int.MaxValue"/> milliseconds (24 days), and so is the sum of <see cref="PingInterval"/> and <see cref="PingTimeout"/>.
/// </summary>
public class EngineOptions
{
    // What setTimeout takes in a browser, where both spans of the heartbeat arrive. The timers of .NET take twice as much.
    private static readonly TimeSpan MaxSpan = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Serves clients 1.x and 2.x too. Default true. Note that an old client's socket id gives away its session id.</summary>
    public bool AllowEngineIO3 { get; set; } = true;

    /// <summary>
    /// Takes a request that names no revision (no <c>EIO</c> in its query) for Engine.IO 3: the Swift client up to 15 and some programs send none.
    /// Default true; without effect where <see cref="AllowEngineIO3"/> is off.
    /// </summary>
    public bool AllowMissingRevision { get; set; } = true;

    /// <summary>
    /// Serves JSONP polling, for pages that can do nothing else. Default false: a script element is not bound by CORS, so
    /// such requests are judged by Referer and Sec-Fetch-Site instead, and refused where the browser sends neither.
    /// </summary>
    public bool AllowJsonp { get; set; }

    /// <summary>The transports a client may use. Default: polling and WebSocket.</summary>
    public IList<TransportKind> Transports { get; } = [TransportKind.Polling, TransportKind.WebSocket];

    /// <summary>Lets a polling session move to WebSocket. Default true.</summary>
    public bool AllowUpgrades { get; set; } = true;

    /// <summary>
    /// Refuses requests of other origins that ASP.NET's CORS does not allow, on every transport. Where the policy allows an origin without
    /// credentials, a request of a user who is signed in by a cookie is refused too. Default true.
    /// </summary>
    public bool CheckOrigin { get; set; } = true;

    /// <summary>
    /// The id of a user: what sockets give as their UserId, and what a session is bound to, so that another user's requests for it are refused.
    /// Default: the claim <see cref="ClaimTypes.NameIdentifier"/>, else the claim <c>sub</c>. Null means that there is none; a session is
    /// then bound to the name of the identity. Called for each request of a user and for each token, on any thread. When it throws, that
    /// is logged and the request is refused with 500.
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

    /// <summary>Time between two pings. Default 25 seconds.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a ping may stay unanswered before the connection is closed. Default 20 seconds.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a started upgrade may take; then only the new transport is closed. Default 10 seconds.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one write may wait for a client that does not read. Default 10 seconds.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closing connection may take to send what is queued and to say goodbye. Default 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one WebSocket message may take from its first fragment to its last. Default 30 seconds.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest request body, and the largest WebSocket message after inflation, in bytes. Default 1,000,000.</summary>
    public int MaxPayload { get; set; } = 1_000_000;

    /// <summary>The most frames that one WebSocket message may come in, control frames between them not counted. Default 16,384.</summary>
    public int MaxFragments { get; set; } = 16_384;

    /// <summary>
    /// Bytes that may wait for a client that reads too slowly; beyond it that connection is closed. Default 1 MiB.
    /// One message larger than this still goes out where nothing else is waiting.
    /// </summary>
    public int MaxQueuedBytes { get; set; } = 1 << 20;

    /// <summary>The most sessions at a time; further handshakes get 503. Default null: no limit.</summary>
    public int? MaxSessions { get; set; }

    /// <summary>Refuses later requests of a session that come from another address than its first. Default false: mobile clients change theirs.</summary>
    public bool BindToRemoteAddress { get; set; }

    /// <summary>
    /// Offers permessage-deflate to WebSocket clients, each message by itself. Default false: it costs time, and compressing
    /// secrets together with what an attacker chooses tells their length (CRIME). Messages below 1,024 bytes stay as they are.
    /// </summary>
    public bool WebSocketCompression { get; set; }

    /// <summary>
    /// A cookie with the session id on the answer to a polling handshake, for load balancers that route by cookie. Default null: none.
    /// The server never reads it. It is HttpOnly, SameSite=Lax where the builder names no SameSite, and Secure on https. A class derived from
    /// <see cref="CookieBuilder"/> is used as it is.
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
        if (Transports.Count == 0) throw new ArgumentException("Transports is empty: no client could connect.");
        if (Cookie is not null) SessionCookie.Validate(Cookie);
    }

    private protected static void CheckSpan(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxSpan, name);
    }
}
