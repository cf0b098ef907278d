namespace LoadGenerator;

/// <summary>Nobody says anything but pong.</summary>
internal sealed class IdleScenario(Dialect dialect) : Scenario(dialect)
{
    public override void Start(Connection[] connections) { }

    public override void OnMessage(Connection connection, int opcode, ReadOnlySpan<byte> payload) =>
        throw new InvalidDataException("An idle server sent a message.");
}
