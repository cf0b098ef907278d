namespace SocketIOServer.EngineIO;

/// <summary>What the origin of a request means for it.</summary>
internal readonly struct OriginVerdict
{
    private OriginVerdict(Rejection? rejection, bool isWithoutCredentials) => (Rejection, IsWithoutCredentials) = (rejection, isWithoutCredentials);

    /// <summary>The server's own page, a page that may use a visitor's cookies, or a program.</summary>
    public static OriginVerdict Trusted => default;

    /// <summary>A page that may connect, and may not do so in the name of whoever looks at it.</summary>
    public static OriginVerdict WithoutCredentials => new(null, true);

    public bool IsWithoutCredentials { get; }

    /// <summary>Null when the request may pass.</summary>
    public Rejection? Rejection { get; }

    public static implicit operator OriginVerdict(Rejection rejection) => new(rejection, false);
}
