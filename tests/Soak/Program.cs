using System.Diagnostics;
using System.Globalization;
using SocketIOServer.Soak;
using SocketIOServer.Soak.Recovery;
using SocketIOServer.Soak.Scenarios;
using SocketIOServer.Soak.Server;

// The server under load is this program too, in a process of its own.
if (args is ["serve", var ping, .. var rest])
{
    await Target.ServeAsync(TimeSpan.FromMilliseconds(double.Parse(ping, CultureInfo.InvariantCulture)), rest is [var bytes] ? long.Parse(bytes, CultureInfo.InvariantCulture) : null);
    return 0;
}

var scale = args.SkipWhile(arg => arg != "--scale").Skip(1).FirstOrDefault() is { } number ? double.Parse(number, CultureInfo.InvariantCulture) : 1;
var names = args.TakeWhile(arg => arg != "--scale").ToList();
var scenarios = All(scale);
if (names.Except(scenarios.Select(scenario => scenario.Name)).ToList() is { Count: > 0 } unknown)
{
    Console.Error.WriteLine($"There is no scenario {string.Join(", ", unknown)}. There are: {string.Join(", ", scenarios.Select(scenario => scenario.Name))}; --scale 0.1 makes each a tenth.");
    return 2;
}

var (passed, failed) = (0, 0);
foreach (var scenario in scenarios.Where(scenario => names.Count == 0 || names.Contains(scenario.Name)))
{
    var clock = Stopwatch.StartNew();
    var figures = new Figures();
    string? fault = null;
    try
    {
        await scenario.RunAsync(figures);
        passed++;
    }
    // Whatever it is, it is what this scenario has to tell, and the next one is run.
    catch (Exception e)
    {
        fault = e.ToString();
        failed++;
    }

    Console.WriteLine($"-- {scenario.Name} ({clock.Elapsed.TotalSeconds:0} s)");
    if (scenario.Needs is { } needs) Console.WriteLine($"   needs {needs}");
    foreach (var line in figures.Lines) Console.WriteLine($"   {line}");
    if (fault is not null) Console.WriteLine($"   FAILED: {fault}");
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;

static Scenario[] All(double scale)
{
    int Scaled(int count) => Math.Max(1, (int)(count * scale));
    return
    [
        new UpgradeUnderFire { Upgrades = Scaled(200) },
        new KilledProbes { Rounds = Scaled(20) },
        new PollRaces { Rounds = Scaled(200), Resets = Scaled(100) },
        new HalfOpen { Clients = Scaled(100) },
        new SlowConsumers { Clients = Scaled(500), Stalled = Scaled(50) },
        new Churn { Clients = Scaled(50_000) },
        new Idle { Clients = Scaled(10_000) },
        new Storm { Clients = Scaled(1_000) },
        new Shutdown { Clients = Scaled(1_000) },
        new Throughput { Clients = Scaled(1_000) },
        new WallClock(),
        // What Node's server does at a cut is not ours to promise.
        .. Enum.GetValues<Ground>().Where(ground => ground != Ground.Node).Select(ground => new RecoveryCuts { Ground = ground, Cuts = Scaled(20), Events = Scaled(1_000) }),
        .. Enum.GetValues<Ground>().Select(ground => new RecoveryClients { Ground = ground, Duration = TimeSpan.FromMinutes(10 * scale) }),
        new RecoveryFlood { Connections = Scaled(20_000) },
    ];
}
