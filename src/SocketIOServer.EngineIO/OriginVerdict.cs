namespace SocketIOServer.EngineIO;

/// <summary>The result of the origin check of a request.</summary>
internal readonly struct OriginVerdict
{
    private OriginVerdict(Rejection? rejection, bool isWithoutCredentials, Explanation? unreadable = null) =>
        (Rejection, IsWithoutCredentials, Unreadable) = (rejection, isWithoutCredentials, unreadable);

    /// <summary>A request of the server's own page, of a page that may use the visitor's cookies, or of a program.</summary>
    public static OriginVerdict Trusted => default;

    /// <summary>A request of a page that can connect, but must not act as the signed-in user.</summary>
    public static OriginVerdict WithoutCredentials => new(null, true);

    public bool IsWithoutCredentials { get; }

    /// <summary>Null if the request may pass.</summary>
    public Rejection? Rejection { get; }

    /// <summary>Why the page cannot read the response to this request. Null if it can.</summary>
    public Explanation? Unreadable { get; }

    /// <summary>Returns the same verdict for a page that cannot read the response.</summary>
    public OriginVerdict WithUnreadable(Explanation? explanation) => new(Rejection, IsWithoutCredentials, explanation);

    public static implicit operator OriginVerdict(Rejection rejection) => new(rejection, false);
}
