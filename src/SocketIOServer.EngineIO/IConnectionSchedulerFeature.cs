using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// A feature of a connection whose transport reads many connections on one thread, such as <c>UseEpoll()</c>. Work on the scheduler runs on that thread, behind the reads of
/// the current round, so that everything that a round leads to is written together. The Engine.IO layer continues polls and send loops there. A connection without the feature has them
/// continue on the thread pool (polls) or inline (send loops).
/// </summary>
public interface IConnectionSchedulerFeature
{
    /// <summary>The scheduler. Any thread may use it.</summary>
    PipeScheduler Scheduler { get; }
}
