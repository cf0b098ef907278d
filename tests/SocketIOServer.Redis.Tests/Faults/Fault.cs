namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>One kind of fault: how it begins, and how it ends.</summary>
/// <param name="Name">For the figures.</param>
/// <param name="BeginAsync">Harms Redis, or the way to it.</param>
/// <param name="EndAsync">After it, Redis is there again.</param>
internal sealed record Fault(string Name, Func<Task> BeginAsync, Func<Task> EndAsync)
{
    /// <summary>How long it lasts.</summary>
    public TimeSpan Lasts { get; init; }

    /// <summary>It is there before the servers start.</summary>
    public bool IsAtStart { get; init; }

    /// <summary>Redis serves as before: the bus stays alive, and nothing is lost.</summary>
    public bool IsHarmless { get; init; }

    /// <summary>It harms only the way of the server that publishes, so what does not arrive is what that server counts.</summary>
    public bool IsOfPublisher { get; init; }
}
