namespace SocketIOServer.Soak.Recovery;

/// <summary>What happened to a client on some kind of servers.</summary>
internal sealed class Stays
{
    public int Returns { get; private set; }

    public int Recovered { get; private set; }

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
            sum.Add(one.Gaps, one.GapsOfReturns, one.Doubles, one.Fallen);
        }

        return sum;
    }

    public void OnReturned(bool isRecovered)
    {
        Returns++;
        if (isRecovered) Recovered++;
    }

    public void Add(int gaps, int gapsOfReturns, int doubles, int fallen) =>
        (Gaps, GapsOfReturns, Doubles, Fallen) = (Gaps + gaps, GapsOfReturns + gapsOfReturns, Doubles + doubles, Fallen + fallen);

    public override string ToString() => $"{Returns} returns, {Recovered} recovered, {Gaps} gaps ({GapsOfReturns} at returns), {Doubles} doubles, {Fallen} offsets that fell";
}
