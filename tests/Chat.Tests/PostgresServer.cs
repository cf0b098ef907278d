using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Chat.Tests;

/// <summary>One PostgreSQL for all tests, on a free port of loopback and in a folder of its own. Each test has a database of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chat-postgres-");
    private readonly int _port = FreePort();
    private int _databases;
    private Process? _process;

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Pooling=true;Maximum Pool Size=10";

    public async ValueTask InitializeAsync()
    {
        using var need = Start(Path.Combine(Repository(), "eng/need-postgres"));
        var programs = (await need.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("PostgreSQL is missing.")).Trim();
        // PostgreSQL refuses to run as root.
        string[] asPostgres = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        if (asPostgres.Length > 0)
        {
            using var chown = Start("chown", "postgres", _folder.FullName);
            await chown.WaitForExitAsync();
        }

        var data = Path.Combine(_folder.FullName, "data");
        using var init = Start([.. asPostgres, Path.Combine(programs, "initdb"), "--pgdata", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        await Task.WhenAll(init.StandardOutput.ReadToEndAsync(), init.WaitForExitAsync());
        Assert.Equal(0, init.ExitCode);
        _process = Start([.. asPostgres, Path.Combine(programs, "postgres"), "-D", data, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]);
        // What is not read would fill the pipes some day. The log tells of errors that tests ask for.
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
        while (!await IsReadyAsync())
        {
            if (_process.HasExited) throw new InvalidOperationException("PostgreSQL has ended.");
            await Task.Delay(20);
        }
    }

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"chat{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100   // constants of the tests
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            // Its children see that it is gone and end by themselves.
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

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
