namespace SocketIOServer;

/// <summary>A message of an inbox.</summary>
/// <param name="Id">Its number. Later messages of the same inbox have greater numbers, also after the inbox was empty. Greater than 0.</param>
/// <param name="Content">The bytes that were added.</param>
public readonly record struct InboxMessage(long Id, ReadOnlyMemory<byte> Content);
