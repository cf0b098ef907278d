namespace SocketIOServer.Epoll;

/// <summary>A file whose events a loop waits for.</summary>
internal interface IPolled
{
    /// <summary>Called on the loop's thread.</summary>
    /// <param name="flags">The events that the kernel reported. They might be out of date.</param>
    void OnEvents(uint flags);
}
