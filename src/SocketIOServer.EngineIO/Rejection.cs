using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.EngineIO;

/// <summary>All answers to requests that lead to no session, with the codes and texts the clients know (engine.io, "errors").</summary>
internal sealed class Rejection
{
    public static readonly Rejection UnknownTransport = new(400, 0, "Transport unknown", "unknown_transport");
    public static readonly Rejection UnknownSession = new(400, 1, "Session ID unknown", "unknown_session");
    public static readonly Rejection BadMethod = new(400, 2, "Bad handshake method", "bad_method");
    public static readonly Rejection BadRequest = new(400, 3, "Bad request", "bad_request");
    public static readonly Rejection Forbidden = new(403, 4, "Forbidden", "forbidden");
    public static readonly Rejection UnsupportedProtocol = new(400, 5, "Unsupported protocol version", "unsupported_protocol");
    public static readonly Rejection Failed = new(500, 3, "Internal server error", "internal_error");
    public static readonly Rejection Unavailable = new(503, 3, "Service unavailable", "unavailable");

    private Rejection(int status, int code, string message, string reason, string? details = null)
    {
        Status = status;
        Code = code;
        Message = message;
        Reason = reason;
        Details = details;
    }

    public int Status { get; }

    public int Code { get; }

    public string Message { get; }

    /// <summary>A short name for metrics and logs.</summary>
    public string Reason { get; }

    /// <summary>What was compared, and what would let the request in. For the log and for whoever develops; made of printable ASCII.</summary>
    public string? Details { get; }

    /// <summary>The same answer, and why it was given.</summary>
    public Rejection Because(string details) => new(Status, Code, Message, Reason, details);

    public Task WriteAsync(HttpContext context)
    {
        var details = IsDevelopment(context) ? Details : null;
        // Details are escaped: none of what the request said stands in the answer as it was.
        var body = Encoding.ASCII.GetBytes(details is null
            ? $"{{\"code\":{Code},\"message\":\"{Message}\"}}"
            : $"{{\"code\":{Code},\"message\":\"{Message}\",\"details\":\"{JsonEncodedText.Encode(details)}\"}}");
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    // Null: a request in memory, in a test.
    private static bool IsDevelopment(HttpContext context) => context.RequestServices?.GetService<IWebHostEnvironment>()?.IsDevelopment() == true;
}
