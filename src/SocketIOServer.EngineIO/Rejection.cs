using System.Text;
using Microsoft.AspNetCore.Http;

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

    private readonly byte[] _body;

    private Rejection(int status, int code, string message, string reason)
    {
        Status = status;
        Message = message;
        Reason = reason;
        _body = Encoding.ASCII.GetBytes($"{{\"code\":{code},\"message\":\"{message}\"}}");
    }

    public int Status { get; }

    public string Message { get; }

    /// <summary>The same in a chart.</summary>
    public string Reason { get; }

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.ContentLength = _body.Length;
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(_body).AsTask();
    }
}
