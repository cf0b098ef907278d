using System.Globalization;
using LoadCluster;

// node <bus> <port of the engine>: one server. race <rounds> <seconds> <server>:<bus>,…  …: those of each list against each other, printed as a table. See bench/cluster.
if (args is ["node", var bus, var engine])
{
    await Node.RunAsync(bus, int.Parse(engine, CultureInfo.InvariantCulture));
    return;
}

if (args is not ["race", var rounds, var seconds, .. var groups]) throw new ArgumentException("What to measure: see bench/cluster.");
var race = new Race(int.Parse(rounds, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture));
foreach (var group in groups) await race.RunAsync(group.Split(','));
race.Report();
