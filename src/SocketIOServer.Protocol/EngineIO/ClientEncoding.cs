namespace SocketIOServer.Protocol.EngineIO;

/// <summary>What a session has learned of its client's encodings: read from its first request, and from its texts.</summary>
internal sealed class ClientEncoding(bool base64, PayloadForm form)
{
    /// <summary>Binary goes inside text (b64=1).</summary>
    public bool Base64 { get; } = base64;

    public PayloadForm Form { get; } = form;

    /// <summary>It has sent a text that engine.io-parser 1.x could not have made, so its texts are what they seem.</summary>
    public bool IsPlainText { get; set; }
}
