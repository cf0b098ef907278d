namespace SocketIOServer.Redis.Tests.Python;

/// <summary>With Flask-SocketIO over python-socketio before 5.14, which publishes pickles.</summary>
[Trait("With", "Python")]
public sealed class FlaskTests(FlaskTests.Fixture fixture) : PythonContract(fixture), IClassFixture<FlaskTests.Fixture>
{
    public sealed class Fixture() : PythonFixture("flask", needsJson: false);
}
