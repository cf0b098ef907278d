namespace SocketIOServer.Adapters;

/// <summary>The order in which a cluster's log brings the events of one namespace. Any thread may call any member.</summary>
internal interface ISharedOrder
{
    /// <summary>Where the entries begin that this server has read. None: nothing of the log is known.</summary>
    EntryId ReadFrom { get; }

    /// <summary>A place that everything before was read and given to the sockets; None if that is not known at this moment.</summary>
    EntryId DeliveredTo { get; }

    /// <summary>Nothing waits for its place in the log.</summary>
    bool IsIdle { get; }

    /// <summary>Puts an event into the log, whose delivery follows when it is read back. <see cref="Work"/> must follow, without a lock.</summary>
    void Post(OutgoingMessage message, in Target target);

    /// <summary>Runs an action behind whatever waits. <see cref="Work"/> must follow, without a lock.</summary>
    void Post(Action action);

    /// <summary>Works off what was posted. The caller holds no lock.</summary>
    void Work();
}
