namespace SocketIOServer.EngineIO;

/// <summary>What the origin of a request means for it.</summary>
internal readonly struct OriginVerdict
{
    private OriginVerdict(Rejection? rejection, bool isWithoutCredentials, Explanation? unreadable = null) =>
        (Rejection, IsWithoutCredentials, Unreadable) = (rejection, isWithoutCredentials, unreadable);

    /// <summary>The server's own page, a page that may use a visitor's cookies, or a program.</summary>
    public static OriginVerdict Trusted => default;

    /// <summary>A page that may connect, and may not do so in the name of whoever looks at it.</summary>
    public static OriginVerdict WithoutCredentials => new(null, true);

    public bool IsWithoutCredentials { get; }

    /// <summary>Null when the request may pass.</summary>
    public Rejection? Rejection { get; }

    /// <summary>Why the page cannot read the response to this request; null where nothing speaks against it.</summary>
    public Explanation? Unreadable { get; }

    /// <summary>The same, and the page cannot read the response.</summary>
    public OriginVerdict WithUnreadable(Explanation? explanation) => new(Rejection, IsWithoutCredentials, explanation);

    public static implicit operator OriginVerdict(Rejection rejection) => new(rejection, false);
}
