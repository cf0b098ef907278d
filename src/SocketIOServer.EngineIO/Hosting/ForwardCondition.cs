namespace SocketIOServer.EngineIO.Hosting;

/// <summary>What the origin check of the server that got a request has left to the server that has the session.</summary>
internal enum ForwardCondition
{
    /// <summary>Nothing: the request may pass.</summary>
    None,

    /// <summary>The request may pass if the session has no user. Its page must not use the visitor's credentials, and the browser has sent some.</summary>
    Anonymous,

    /// <summary>The origin is not allowed, unless the session began on a page of that origin. Only the session's server knows its first request.</summary>
    Unjudged,
}
