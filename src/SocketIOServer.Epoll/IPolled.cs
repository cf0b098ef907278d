namespace SocketIOServer.Epoll;

/// <summary>What a loop waits for.</summary>
internal interface IPolled
{
    /// <summary>On the loop's thread.</summary>
    /// <param name="flags">As the kernel tells them; they may be of a moment that is over.</param>
    void OnEvents(uint flags);
}
