namespace LoadGenerator;

/// <summary>Measures the resident memory that one more idle connection costs.</summary>
internal static class IdleRun
{
    // What the first connections bring in (code compiled, pools filled) is paid once, not for each; so they come before the first reading.
    private const int First = 500;

    public static Result Run(Settings settings, Scenario silence, int clients)
    {
        var server = new ServerProcess(settings.ProcessId, settings.Port);
        using var load = new Load(silence, First, settings.Port);
        Settle(settings, load);
        var before = Collected(server);

        load.Open(clients);
        Settle(settings, load);
        var after = server.ResidentBytes();
        var afterCollected = Collected(server);

        return new Result
        {
            Server = settings.Server,
            Scenario = settings.Scenario,
            Clients = clients,
            Round = settings.Round,
            IdleBytes = (after - before) / clients,
            IdleBytesCollected = (afterCollected - before) / clients,
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
    private static void Settle(Settings settings, Load load)
    {
        for (var passed = 0.0; passed < settings.SettleSeconds; passed++) load.RunFor(1);
    }
}
