using SocketIOServer.Adapters;
using SocketIOServer.Events;

namespace SocketIOServer.Namespaces;

/// <summary>
/// Starts an adapter when its namespace comes into use and stops it when it goes out of use, as often as that happens. One thread at a time calls the
/// adapter, under no lock. If two threads change the use at the same moment, the last change counts.
/// </summary>
internal sealed class AdapterLifetime(NamespaceContext @namespace) : IAdapterLifetime
{
    private readonly Lock _gate = new();
    private int _uses;
    private bool _isStarted;
    private bool _isChanging;

    /// <summary>One use more: a declaration, or a socket in a namespace that clients named.</summary>
    public void Use() => Change(1);

    /// <summary>One use less.</summary>
    public void Release() => Change(-1);

    private void Change(int uses)
    {
        lock (_gate)
        {
            _uses += uses;
            // Whoever is calling the adapter looks again afterwards.
            if (_isChanging) return;
            _isChanging = true;
        }

        while (TryMove(out var start))
        {
            try
            {
                if (start) @namespace.Adapter.Start();
                else @namespace.Adapter.Stop();
            }
            catch (Exception e)
            {
                // The program's adapter: what it does without a start or a stop is its own matter.
                UserCode.OnFailed(e, start ? "Adapter.Start" : "Adapter.Stop", @namespace, null);
            }
        }
    }

    // False: the adapter is as it should be.
    private bool TryMove(out bool start)
    {
        lock (_gate)
        {
            start = _uses > 0;
            if (start == _isStarted) return _isChanging = false;
            _isStarted = start;
            return true;
        }
    }
}
