using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>A request that was refused.</summary>
public sealed class EngineErrorContext
{
    private readonly Rejection _rejection;

    internal EngineErrorContext(HttpContext context, Rejection rejection) => (HttpContext, _rejection) = (context, rejection);

    /// <summary>The request. Use it before the first <c>await</c> only: the request may be over afterwards.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The status of the answer, such as 400 or 403.</summary>
    public int StatusCode => _rejection.Status;

    /// <summary>
    /// The code in the answer's JSON: 0 unknown transport, 1 unknown session, 2 bad method, 3 bad request, internal error or unavailable, 4 forbidden, 5 unsupported
    /// protocol version (engine.io, "errors").
    /// </summary>
    public int Code => _rejection.Code;

    /// <summary>The message in the answer's JSON, such as <c>Session ID unknown</c>.</summary>
    public string Message => _rejection.Message;

    /// <summary>A short name of the reason, such as <c>unknown_session</c>. Metrics use the same names.</summary>
    public string Reason => _rejection.Reason;

    /// <summary>
    /// What was compared and what would let the request in, or null. Text from the request is escaped. The answer contains the details in Development only. Node's
    /// <c>context</c>.
    /// </summary>
    public string? Details => _rejection.Details;
}
