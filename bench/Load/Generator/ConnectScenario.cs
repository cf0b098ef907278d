namespace LoadGenerator;

/// <summary>Each client connects, opens and closes, then the next takes its place; the count is of whole lives.</summary>
internal sealed class ConnectScenario(Dialect dialect) : Scenario(dialect)
{
    public override void Start(Connection[] connections) => InFlight = connections.Length;

    public override void OnMessage(Connection connection, int opcode, ReadOnlySpan<byte> payload) =>
        throw new InvalidDataException("A server that was asked nothing sent a message.");

    public override void AfterRead(Connection connection)
    {
        if (connection.Stage == Stage.Open) connection.Close();
    }

    public override void OnEnd(Connection connection)
    {
        Latency.Add(Now - connection.CreatedAt);
        Count++;
        if (IsStopping) InFlight--;
    }
}
