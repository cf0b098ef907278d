namespace SocketIOServer.EngineIO;

/// <summary>Why something was refused, for the log and for developers.</summary>
/// <param name="Kind">
/// The kind of explanation, always a constant in the source code. It does not depend on the client's input, so the log can count by it.
/// </param>
/// <param name="Text">What was compared, and what would allow it. It contains text from the request only in the form of <see cref="LogText"/>.</param>
/// <param name="Subject">Distinguishes refusals of the same kind, for example by namespace.</param>
/// <param name="IsRoutine">Whether the refusal is never a warning, because an earlier line has reported it or because it is a rule of the application.</param>
internal sealed record Explanation(string Kind, string Text, string Subject = "", bool IsRoutine = false);
