namespace SocketIOServer.Events;

/// <summary>What a parameter of a handler accepts if the argument is missing or null.</summary>
/// <param name="Name">The name of the parameter, for the log.</param>
/// <param name="IsOptional">A missing argument is replaced by the default.</param>
/// <param name="AllowsNull">A JSON null is accepted.</param>
/// <param name="Default">The default value of the parameter.</param>
internal sealed record ParameterSlot(string Name, bool IsOptional, bool AllowsNull, object? Default);
