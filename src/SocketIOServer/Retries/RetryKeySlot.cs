namespace SocketIOServer.Retries;

/// <summary>Where the key of an event is.</summary>
/// <param name="Name">The name of the parameter, for the log.</param>
/// <param name="Index">The number of arguments before it.</param>
internal sealed record RetryKeySlot(string Name, int Index)
{
    /// <summary>Longer keys are invalid arguments, because keys are kept.</summary>
    public const int MaxLength = 256;
}
