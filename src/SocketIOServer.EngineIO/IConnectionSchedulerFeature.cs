using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// A feature of a connection whose transport serves many connections on one thread, such as <c>UseEpoll()</c>. Work on the scheduler runs on that thread, after
/// the reads of the current round. So the responses to all messages of a round are written together. The Engine.IO layer continues polls and send loops there.
/// For a connection without the feature, polls continue on the thread pool and send loops continue inline.
/// </summary>
public interface IConnectionSchedulerFeature
{
    /// <summary>The scheduler. It can be used from any thread.</summary>
    PipeScheduler Scheduler { get; }
}
