using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Npgsql;

[assembly: AssemblyFixture(typeof(SocketIOServer.Postgres.Tests.PostgresServer))]

namespace SocketIOServer.Postgres.Tests;

/// <summary>A PostgreSQL on a free port of loopback and in a folder of its own, which can be stopped, frozen and started again. Each test has a database of its own.</summary>
public sealed partial class PostgresServer : IAsyncLifetime
{
    private const string Password = "right";
    private const int Quit = 3, Stop = 19, Continue = 18;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socketio-postgres-");
    private int _databases;
    private string[] _asPostgres = [];
    private string _programs = "";
    private Process? _process;

    public int Port { get; } = FreePort();

    public async ValueTask InitializeAsync()
    {
        using var need = Start(Path.Combine(Repository(), "eng/need-postgres"));
        _programs = (await need.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("PostgreSQL is missing. It is installed by eng/need-postgres.")).Trim();
        // PostgreSQL refuses to run as root.
        _asPostgres = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        var password = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(password, Password);
        if (_asPostgres.Length > 0)
        {
            using var chown = Start("chown", "-R", "postgres", _folder.FullName);
            await chown.WaitForExitAsync();
        }

        using var init = Start([.. _asPostgres, Path.Combine(_programs, "initdb"), "--pgdata", Data, "--username=postgres", "--auth=scram-sha-256", $"--pwfile={password}", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        await Task.WhenAll(init.StandardOutput.ReadToEndAsync(), init.StandardError.ReadToEndAsync(), init.WaitForExitAsync());
        Assert.Equal(0, init.ExitCode);
        await RunAsync();
    }

    public string ConnectionString(string database, string password = Password) => $"Host=127.0.0.1;Port={Port};Username=postgres;Password={password};Database={database}";

    public string Url(string database) => $"postgres://postgres:{Password}@127.0.0.1:{Port}/{database}";

    public async Task RunAsync()
    {
        _process = Start([.. _asPostgres, Path.Combine(_programs, "postgres"), "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200"]);
        // What is not read would fill the pipes some day. The log tells of errors that tests ask for.
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
        while (!await IsReadyAsync())
        {
            if (_process.HasExited) throw new InvalidOperationException("PostgreSQL has ended.");
            await Task.Delay(20);
        }
    }

    /// <summary>Ends the server and all its connections at once.</summary>
    public async Task KillAsync()
    {
        Assert.Equal(0, SendSignal(_process!.Id, Quit));
        await _process.WaitForExitAsync().WaitAsync(TestHost.Patience);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Stops all its processes, which keep their connections.</summary>
    public void Freeze() => SignalAll(Stop);

    public void Thaw() => SignalAll(Continue);

    /// <summary>Stops one process.</summary>
    public static void Freeze(int process) => Assert.Equal(0, SendSignal(process, Stop));

    public static void Thaw(int process) => Assert.Equal(0, SendSignal(process, Continue));

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs a statement over a connection of its own. Returns the first value.</summary>
    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100   // constants of the tests
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The process of the connection that listens.</summary>
    public async Task<int> ListenerAsync(string database) =>
        Convert.ToInt32(await ExecuteAsync(database, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Thaw();
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private static Process Start(params string[] command)
    {
        // initdb and the server want a folder that they may enter.
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static string Repository([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "../..");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The server first: one that is stopped starts no children.
    private void SignalAll(int signal)
    {
        _ = SendSignal(_process!.Id, signal);
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{_process.Id}") _ = SendSignal(id, signal);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await ExecuteAsync("postgres", "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
