namespace SocketIOServer.EngineIO.Hosting;

/// <summary>What the server that has the session has still to decide about a request that another server got.</summary>
internal enum ForwardCondition
{
    /// <summary>Nothing: the request may pass.</summary>
    None,

    /// <summary>The request may pass if the session has no user. Its page must not use the visitor's credentials, and the browser has sent some.</summary>
    Anonymous,

    /// <summary>The origin is not allowed, unless the session began on a page of that origin. Only the session's server knows its first request.</summary>
    Unjudged,

    /// <summary>
    /// The client has left its last poll before the other server could pass the response on. The session ends, because packets may be lost. This request is one of the
    /// other server itself.
    /// </summary>
    Abandoned,
}
