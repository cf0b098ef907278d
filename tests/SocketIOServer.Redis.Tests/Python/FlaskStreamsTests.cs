using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>With Flask-SocketIO, beside streams of Redis as the bus of ours.</summary>
[Trait("With", "Python")]
public sealed class FlaskStreamsTests(FlaskStreamsTests.Fixture fixture) : PythonContract(fixture), IClassFixture<FlaskStreamsTests.Fixture>
{
    private readonly Fixture _fixture = fixture;

    private protected override string OurChannel => "socket.io#/#";

    private protected override ISocketServerBuilder Connect(ISocketServerBuilder builder) => builder.AddRedisStreams(_fixture.Redis.Configuration);

    public sealed class Fixture() : PythonFixture("flask", needsJson: false);
}
