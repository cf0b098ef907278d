using System.Text.Json;

namespace SocketIOServer.Emitter;

/// <summary>The settings of an emitter. Those of its bus and of the cluster are set where the bus is added, and by <c>AddCluster</c>.</summary>
public sealed class SocketEmitterOptions
{
    /// <summary>How arguments become JSON. Default null: as on a server with default settings. Give an emitter the same options as the servers.</summary>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>How long a call waits for acks if it has no timeout of its own. Default 30 seconds.</summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long, and how many, events of <c>ToUser(id).Durable</c> are kept, in the <see cref="IInboxStore"/> among the services. Give an emitter the same settings as the servers.</summary>
    public InboxOptions Inbox { get; } = new();

    /// <summary>How long <see cref="ISocketEmitter.FlushAsync"/> and the disposal wait for the bus. Default 5 seconds.</summary>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
