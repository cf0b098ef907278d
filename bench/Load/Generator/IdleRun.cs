namespace LoadGenerator;

/// <summary>Measures the resident memory that one more idle connection costs.</summary>
internal static class IdleRun
{
    // What the first connections bring in (code compiled, pools filled) is paid once, not for each; so they come before the first reading.
    private const int First = 500;

    public static Result Run(Settings settings)
    {
        var server = new ServerProcess(settings.ProcessId, settings.Port);
        var silence = new Silence();
        using var first = new Load(silence, First, settings.Port, settings.RawPath);
        Settle(settings, first);
        var before = Collected(server);

        using var load = new Load(silence, settings.Clients, settings.Port, settings.RawPath);
        Settle(settings, first, load);
        var after = server.ResidentBytes();
        var afterCollected = Collected(server);

        return new Result
        {
            Server = settings.Server,
            Scenario = settings.Scenario,
            IdleBytes = (after - before) / settings.Clients,
            IdleBytesCollected = (afterCollected - before) / settings.Clients,
        };
    }

    /// <summary>Resident memory after a collection; the kernel gets back what that frees a little later.</summary>
    private static long Collected(ServerProcess server)
    {
        server.Collect();
        Thread.Sleep(1000);
        return server.ResidentBytes();
    }

    /// <summary>Answers pings meanwhile: a heartbeat is part of an idle connection's life, and of what it keeps.</summary>
    private static void Settle(Settings settings, params ReadOnlySpan<Load> loads)
    {
        for (var passed = 0.0; passed < settings.SettleSeconds; passed += loads.Length)
            foreach (var load in loads) load.RunFor(1);
    }

    private sealed class Silence : Scenario
    {
        public override void Start(Connection[] connections) { }

        public override void OnMessage(Connection connection, ReadOnlySpan<byte> payload)
        {
            if (payload is not [(byte)'6']) throw new InvalidDataException("An idle server sent a message.");
        }
    }
}
