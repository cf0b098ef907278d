using SocketIOServer.EngineIO;

namespace SocketIOServer.Namespaces;

/// <summary>Why a client is not let into a namespace.</summary>
/// <param name="Reason">The code, for metrics and for the client.</param>
/// <param name="Message">What the client is told, in JSON.</param>
/// <param name="Data">What the client is told beside the message, in JSON; empty: nothing.</param>
/// <param name="Explanation">For the log; null where it already has a line.</param>
internal sealed record Refusal(string Reason, byte[] Message, byte[] Data, Explanation? Explanation = null);
