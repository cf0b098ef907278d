namespace SocketIOServer.Soak.Recovery;

/// <summary>What happened to clients on some kind of servers, after they came from some kind of servers.</summary>
internal sealed class Stays
{
    public int Returns { get; private set; }

    public int Recovered { get; private set; }

    /// <summary>Of those that were not recovered: the ones whose old connection seemed open still, so that its server had not saved the session.</summary>
    public int RefusedWhileOpen { get; private set; }

    public int Gaps { get; private set; }

    /// <summary>Those of clients that were told that they were recovered.</summary>
    public int GapsOfReturns { get; private set; }

    public int Doubles { get; private set; }

    public int Fallen { get; private set; }

    public static Stays Sum(IEnumerable<Stays> all)
    {
        var sum = new Stays();
        foreach (var one in all)
        {
            sum.Returns += one.Returns;
            sum.Recovered += one.Recovered;
            sum.RefusedWhileOpen += one.RefusedWhileOpen;
            sum.Add(one.Gaps, one.GapsOfReturns, one.Doubles, one.Fallen);
        }

        return sum;
    }

    public void OnReturned(bool isRecovered, bool wasOpen)
    {
        Returns++;
        if (isRecovered) Recovered++;
        else if (wasOpen) RefusedWhileOpen++;
    }

    public void Add(int gaps, int gapsOfReturns, int doubles, int fallen) =>
        (Gaps, GapsOfReturns, Doubles, Fallen) = (Gaps + gaps, GapsOfReturns + gapsOfReturns, Doubles + doubles, Fallen + fallen);

    public override string ToString() =>
        $"{Returns} returns, {Recovered} recovered, {Returns - Recovered} not ({RefusedWhileOpen} while the old connection was open), {Gaps} gaps ({GapsOfReturns} at returns), {Doubles} doubles, {Fallen} offsets that fell";
}
