namespace SocketIOServer.Redis.Tests.Python;

/// <summary>One Redis with one server of Python for all tests of a class.</summary>
/// <param name="kind">flask or python.</param>
/// <param name="needsJson">It has to publish JSON, so python-socketio has to be 5.15.1 or later: the environment variable PYTHON_SOCKETIO says where it is.</param>
public abstract class PythonFixture(string kind, bool needsJson) : IAsyncLifetime
{
    internal RedisServer Redis { get; private set; } = null!;

    internal PythonServer Python { get; private set; } = null!;

    public string Channel => kind == "flask" ? "flask-socketio" : "socketio";

    public bool WritesPickles => !needsJson;

    /// <summary>Why the tests cannot run here; null: they can.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var path = needsJson ? Environment.GetEnvironmentVariable("PYTHON_SOCKETIO") : null;
        if (needsJson && string.IsNullOrEmpty(path)) Missing = "There is no python-socketio 5.15.1 or later: eng/need-python-json says where it is.";
        if (Missing is not null) return;
        Redis = await RedisServer.StartAsync();
        Python = await PythonServer.StartAsync(Redis.Port, kind, path);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Missing is not null) return;
        await Python.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
