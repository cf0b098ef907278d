namespace SocketIOServer.EngineIO;

/// <summary>Why something was refused, for the log and for developers.</summary>
/// <param name="Kind">Names the sentence: the same whatever the client sent, so the log can count by it. Always a constant of the source.</param>
/// <param name="Text">What was compared, and what would allow it. Text of the request is in it only in the form that <see cref="LogText"/> gives it.</param>
/// <param name="Subject">What else tells two refusals of a kind apart, such as the namespace.</param>
/// <param name="IsRoutine">Never a warning: an earlier line has told it already, or it is a rule of the application.</param>
internal sealed record Explanation(string Kind, string Text, string Subject = "", bool IsRoutine = false);
