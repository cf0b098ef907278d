namespace SocketIOServer.Protocol.EngineIO;

/// <summary>What a session knows about its client's encodings, from the first request and from received texts.</summary>
internal sealed class ClientEncoding(bool base64, PayloadForm form)
{
    /// <summary>Whether binary data is sent as base64 text (b64=1).</summary>
    public bool Base64 { get; } = base64;

    public PayloadForm Form { get; } = form;

    /// <summary>Whether the client has sent a text that engine.io-parser 1.x cannot produce. Its texts are then not double encoded.</summary>
    public bool IsPlainText { get; set; }
}
