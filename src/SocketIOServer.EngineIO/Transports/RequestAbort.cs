using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>Ends the connection of a request from a timer, where nobody could catch what that throws.</summary>
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
            // The request is over (ObjectDisposedException), so there is nothing to end; or a middleware has put a feature of its own there, which
            // fails. An exception on a timer's thread would end the process.
        }
    }
}
