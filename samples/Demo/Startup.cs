using Microsoft.AspNetCore.Connections;

namespace Demo;

/// <summary>Runs the program, and says where it is or why it could not start.</summary>
internal static partial class Startup
{
    /// <summary>The exit code of the process: 1 if the address is in use.</summary>
    public static int RunDemo(this WebApplication app)
    {
        app.Lifetime.ApplicationStarted.Register(() => LogStarted(app.Logger, string.Join(", ", app.Urls)));
        try
        {
            app.Run();
            return 0;
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            Console.Error.WriteLine($"{error.Message} Choose another address: ./demo --urls http://localhost:8080");
            return 1;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The demo is at {Addresses}. Press Ctrl+C to stop it. To write such a program, read docs/quick-start.md.")]
    private static partial void LogStarted(ILogger logger, string addresses);
}
