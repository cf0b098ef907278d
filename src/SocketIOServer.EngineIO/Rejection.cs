using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.EngineIO;

/// <summary>The responses to requests that the server refuses, with the codes and texts that clients know (engine.io, "errors").</summary>
internal sealed class Rejection
{
    public static readonly Rejection UnknownTransport = new(400, 0, "Transport unknown", "unknown_transport");
    public static readonly Rejection UnknownSession = new(400, 1, "Session ID unknown", "unknown_session");
    public static readonly Rejection BadMethod = new(400, 2, "Bad handshake method", "bad_method");
    public static readonly Rejection BadRequest = new(400, 3, "Bad request", "bad_request");
    public static readonly Rejection Forbidden = new(403, 4, "Forbidden", "forbidden");
    public static readonly Rejection UnsupportedProtocol = new(400, 5, "Unsupported protocol version", "unsupported_protocol");
    public static readonly Rejection MethodNotAllowed = new(405, 2, "Method not allowed", "bad_method", hasBody: false);
    public static readonly Rejection PayloadTooLarge = new(413, 3, "Payload too large", "too_large", hasBody: false);
    public static readonly Rejection UnsupportedMediaType = new(415, 3, "Unsupported media type", "content_encoding", hasBody: false);

    /// <summary>For a request that causes its session to be closed.</summary>
    public static readonly Rejection BadPacket = new(400, 3, "Bad request", "bad_request", hasBody: false);

    /// <summary>For a POST whose session failed. The exception is in the log.</summary>
    public static readonly Rejection BrokenSession = new(500, 3, "Internal server error", "internal_error", hasBody: false);
    public static readonly Rejection Failed = new(500, 3, "Internal server error", "internal_error");
    public static readonly Rejection Unavailable = new(503, 3, "Service unavailable", "unavailable");

    private readonly bool _hasBody;
    private readonly Explanation? _explanation;

    private Rejection(int status, int code, string message, string reason, Explanation? explanation = null, bool hasBody = true)
    {
        Status = status;
        Code = code;
        Message = message;
        Reason = reason;
        _explanation = explanation;
        _hasBody = hasBody;
    }

    public int Status { get; }

    public int Code { get; }

    public string Message { get; }

    /// <summary>A short name of the reason for metrics and logs.</summary>
    public string Reason { get; }

    /// <summary>What was compared, and what would allow the request, for the log and for developers.</summary>
    public string? Details => _explanation?.Text;

    public Explanation Explanation => _explanation ?? new(Reason, Message + ".");

    /// <summary>Returns the same response with an explanation.</summary>
    public Rejection Because(Explanation explanation) => new(Status, Code, Message, Reason, explanation, _hasBody);

    public Task WriteAsync(HttpContext context)
    {
        var details = IsDevelopment(context) ? Details : null;
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (!_hasBody && details is null)
        {
            response.ContentLength = 0;
            return Task.CompletedTask;
        }

        var body = Encoding.UTF8.GetBytes(details is null
            ? $"{{\"code\":{Code},\"message\":\"{Message}\"}}"
            : $"{{\"code\":{Code},\"message\":\"{Message}\",\"details\":\"{Escape(details)}\"}}");
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    // Only the escapes that JSON requires, because developers copy code from the text. "<" is escaped too, so that text from the request cannot become an HTML
    // tag.
    private static string Escape(string details) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(details).Replace("<", "\\u003C", StringComparison.Ordinal);

    // RequestServices is null for requests in memory.
    private static bool IsDevelopment(HttpContext context) => context.RequestServices?.GetService<IWebHostEnvironment>()?.IsDevelopment() == true;
}
