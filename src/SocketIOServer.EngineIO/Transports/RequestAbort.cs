using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>Aborts the connection of a request from a timer, where nothing would catch an exception.</summary>
internal static class RequestAbort
{
    public static void TryAbort(this HttpContext context)
    {
        try
        {
            context.Abort();
        }
        catch (Exception)
        {
            // The request has ended (ObjectDisposedException), so there is nothing to abort, or a middleware has replaced the feature and its code fails. On a
            // timer's thread, an exception would end the process.
        }
    }
}
