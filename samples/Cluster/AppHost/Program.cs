// The demo on three nodes with Redis, PostgreSQL and HAProxy, as resources of Aspire. The engines are programs of this machine, so no Docker is needed.
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

const string Front = "127.0.0.1:5000", RedisPort = "6390", PostgresPort = "5440";
const int FirstNodePort = 5101;

var builder = DistributedApplication.CreateBuilder(args);
var password = builder.AddParameter("engine-password", RandomNumberGenerator.GetHexString(48), secret: true);
var secret = builder.AddParameter("cluster-secret", RandomNumberGenerator.GetHexString(48), secret: true);

var redis = Engine("redis", RedisPort);
var postgres = Engine("postgres", PostgresPort);
var haproxy = builder.AddExecutable("haproxy", "haproxy", "..", "-db", "-f", "haproxy.cfg")
    .WithEnvironment("BIND", Front)
    .WithEnvironment("PATH", Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin")
    .WithHttpEndpoint(5000, isProxied: false);

IResourceBuilder<ProjectResource>? last = null;
for (var i = 1; i <= 3; i++)
{
    var (name, port) = ($"web-{i}", FirstNodePort + i - 1);
    var address = $"127.0.0.1:{port}";
    var node = builder.AddProject(name, "../../Demo/Demo.csproj", options => options.ExcludeLaunchProfile = true)
        .WithHttpEndpoint(port, isProxied: false)
        .WithHttpHealthCheck("/health")
        .WithEnvironment("Cluster__Node", name)
        .WithEnvironment("Cluster__Address", $"http://{address}")
        .WithEnvironment("Cluster__Secret", secret)
        .WithEnvironment("Cluster__Redis", ReferenceExpression.Create($"127.0.0.1:{RedisPort},password={password}"))
        .WithEnvironment("Chat__Postgres", ReferenceExpression.Create($"Host=127.0.0.1;Port={PostgresPort};Database=postgres;Username=chat;Password={password};Maximum Pool Size=20"))
        .WithEnvironment("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")
        .WaitFor(redis)
        .WaitFor(postgres);
    haproxy.WithEnvironment($"WEB_{i}", address).WaitFor(node);
    // One after the other: each start builds the same project.
    if (last is not null) node.WaitFor(last);
    last = node;
}

builder.Build().Run();

// It is healthy when it accepts connections.
IResourceBuilder<ExecutableResource> Engine(string name, string port)
{
    builder.Services.AddHealthChecks().AddAsyncCheck(name, async cancel =>
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", int.Parse(port, CultureInfo.InvariantCulture), cancel);
            return HealthCheckResult.Healthy();
        }
        catch (SocketException error)
        {
            return HealthCheckResult.Unhealthy(exception: error);
        }
    });
    return builder.AddExecutable(name, "./engine", ".", name, port).WithEnvironment("PASSWORD", password).WithHealthCheck(name);
}
