namespace SocketIOServer.Events;

/// <summary>What a handler's parameter takes when the event has no argument for it.</summary>
/// <param name="Name">For the log.</param>
/// <param name="IsOptional">The default stands in for a missing argument.</param>
/// <param name="AllowsNull">A JSON null may be passed on.</param>
/// <param name="Default">The parameter's default value.</param>
internal sealed record ParameterSlot(string Name, bool IsOptional, bool AllowsNull, object? Default);
