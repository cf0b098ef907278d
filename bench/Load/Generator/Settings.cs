using System.Globalization;

namespace LoadGenerator;

/// <summary>What to run against which server: --name value on the command line.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> _values = [];

    public Settings(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length % 2 != 0) throw new ArgumentException("Every --name needs a value.");
        for (var i = 0; i < arguments.Length; i += 2) _values[arguments[i].TrimStart('-')] = arguments[i + 1];
    }

    /// <summary>The server's name in the table.</summary>
    public string Server => Text("server", "?");

    public string Scenario => Text("scenario", "echo-p1");

    public int Port => Number("port", 0);

    public int ProcessId => Number("pid", 0);

    /// <summary>What the server speaks: socketio, raw or signalr.</summary>
    public string Dialect => Text("dialect", "socketio");

    /// <summary>Told in the result; 0 is the warm-up, which no figure is taken from.</summary>
    public int Round => Number("round", 1);

    /// <summary>0: as many as the scenario has by itself.</summary>
    public int Clients => Number("clients", 0);

    public int WarmupMinimum => Number("warmup-min", 8);

    public int WarmupMaximum => Number("warmup-max", 40);

    public int MeasureSeconds => Number("measure", 5);

    /// <summary>Longer than a ping interval by default, so that every connection has had its first heartbeat.</summary>
    public int SettleSeconds => Number("settle", 30);

    private string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    private int Number(string name, int otherwise) => _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
