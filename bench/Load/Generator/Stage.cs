namespace LoadGenerator;

/// <summary>How far a connection's life has come.</summary>
internal enum Stage
{
    /// <summary>Upgrade, handshake, joining: what comes before the first message.</summary>
    Opening,

    Open,

    /// <summary>The client has said goodbye; the server's answer and the end of the stream are still to come.</summary>
    Closing,

    Ended,
}
