namespace SocketIOServer.Retries;

/// <summary>The arguments of an ack, which is sent again with another id.</summary>
/// <param name="Json">The array of the arguments.</param>
/// <param name="Attachments">The binary arguments.</param>
internal sealed record KeptAck(byte[] Json, byte[][] Attachments)
{
    public long Bytes { get; } = Json.Length + Attachments.Sum(static attachment => (long)attachment.Length);
}
