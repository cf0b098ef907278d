using System.Diagnostics;
using System.Globalization;
using LoadGenerator;
using Npgsql;

namespace LoadCluster;

/// <summary>A PostgreSQL in a folder of its own that does not wait for the disk, for two servers of the race. It refuses to run as root, so it runs as the user postgres then.</summary>
internal sealed class PostgresEngine : IEngine
{
    private static readonly string[] AsPostgres = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private PostgresEngine(DirectoryInfo folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public static string ConnectionString(int port) => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";

    public static async Task<PostgresEngine> StartAsync()
    {
        var programs = await RunAsync(["eng/need-postgres"]);
        var folder = Directory.CreateTempSubdirectory("bench-postgres-");
        if (AsPostgres.Length > 0) await RunAsync(["chown", "postgres", folder.FullName]);
        var data = Path.Combine(folder.FullName, "data");
        await RunAsync([.. AsPostgres, Path.Combine(programs, "initdb"), "-D", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        var port = Random.Shared.Next(20_000, 30_000);
        var process = Start([.. AsPostgres, Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]);
        _ = process.StandardError.ReadToEndAsync();
        await using var source = NpgsqlDataSource.Create(ConnectionString(port));
        for (var tries = 0; ; tries++)
        {
            try
            {
                await source.CreateCommand("CREATE UNLOGGED TABLE socket_io_attachments (id bigserial UNIQUE, created_at timestamptz DEFAULT NOW(), payload bytea)").ExecuteNonQueryAsync();
                return new(folder, process, port);
            }
            catch (NpgsqlException) when (tries < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    // The work is done by processes that it starts, one for each connection.
    public double CpuSeconds() => Processes().Sum(CpuSeconds);

    public void Dispose()
    {
        // SIGINT: it ends its connections and then itself.
        Start(["kill", "-INT", $"{_process.Id}"]).WaitForExit();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private IEnumerable<int> Processes()
    {
        yield return _process.Id;
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && ParentOf(folder) == _process.Id) yield return id;
        }
    }

    private static double CpuSeconds(int id)
    {
        try
        {
            return new ServerProcess(id, 0).CpuSeconds();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended.
            return 0;
        }
    }

    private static int ParentOf(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended.
            return 0;
        }
    }

    private static async Task<string> RunAsync(string[] command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await output).Trim().Split('\n')[0] : throw new InvalidOperationException($"{command[0]}: {await errors}");
    }

    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
