using Microsoft.AspNetCore.Http;

namespace SocketIOServer.Events;

/// <summary>Runs a handler with ASP.NET's session of its client.</summary>
internal interface ISessionRunner
{
    /// <summary>Loads the session, runs the handler, and stores the session.</summary>
    Task RunAsync(Handshake handshake, Func<ISession, ValueTask> run);
}
