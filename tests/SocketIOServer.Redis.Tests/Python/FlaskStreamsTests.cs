using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>With Flask-SocketIO, beside streams of Redis whose order is that of every client of ours.</summary>
[Trait("With", "Python")]
public sealed class FlaskStreamsTests(FlaskStreamsTests.Fixture fixture) : PythonContract(fixture), IClassFixture<FlaskStreamsTests.Fixture>
{
    private readonly Fixture _fixture = fixture;

    private protected override string OurChannel => "socket.io#/#";

    private protected override ISocketServerBuilder Connect(ISocketServerBuilder builder) =>
        builder.AddRedisStreams(o => (o.Configuration, o.DeliversInOrder) = (_fixture.Redis.Configuration, true));

    public sealed class Fixture() : PythonFixture("flask", needsJson: false);
}
