using Microsoft.Extensions.Logging;
using SocketIOServer.Namespaces;

namespace SocketIOServer.Events;

/// <summary>Functions of the program's that look on. What they throw is logged, and changes nothing for whoever did what they see.</summary>
/// <param name="name">What they were declared with, for the log.</param>
internal sealed class Observers<T>(string name)
{
    private Action<T>[] _all = [];

    public bool Any => _all.Length > 0;

    public void Add(Action<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        _all = [.. _all, observer];
    }

    public void Tell(T what, Namespace @namespace)
    {
        foreach (var observer in _all)
        {
            try
            {
                observer(what);
            }
            catch (Exception e)
            {
                // The program's own.
                ObserversLog.Failed(@namespace.Server.Logger, e, name, @namespace.Name);
            }
        }
    }
}

internal static partial class ObserversLog
{
    [LoggerMessage(23, LogLevel.Error, "{Hook} of {Namespace} failed.")]
    public static partial void Failed(ILogger logger, Exception exception, string hook, string @namespace);
}
