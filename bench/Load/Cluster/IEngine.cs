namespace LoadCluster;

/// <summary>What carries the messages of the servers of a race.</summary>
internal interface IEngine : IDisposable
{
    int Port { get; }

    /// <summary>The CPU time that it has used.</summary>
    double CpuSeconds();
}
