namespace SocketIOServer.Cluster;

/// <content>Events that are delivered without a place in the log, and those that never get one. A client that comes back must not get the first twice, nor miss the second unnoticed.</content>
internal sealed partial class LogDelivery
{
    // Delivers something that has no place in the log, or whose place is not known yet.
    private void RunUnplaced(Item item)
    {
        if (!item.IsFollower)
        {
            node.OnUnordered();
            if (events is not null && item.IsKept)
            {
                item.IsUnplaced = true;
                lock (events.Gate) events.Gap.Open();
            }
        }

        Run(item);
    }

    // It was delivered, and clients of other servers have it here.
    private void Place(Item item)
    {
        item.IsUnplaced = false;
        Keep(item);
        lock (events!.Gate) events.Gap.Close(item.Id);
    }

    private void OnDropped(Item item)
    {
        if (item.Lost > 0)
        {
            _lost += item.Lost;
        }
        else if (item.IsUnplaced)
        {
            item.IsUnplaced = false;
            _lost++;
        }
        else if (!item.IsDelivered)
        {
            if (item.IsKept) Lose();
            TakeOut(item);
            item.IsFollower = true;
            Run(item);
        }

        Mark();
    }

    private void Lose()
    {
        if (events is null) return;
        _lost++;
        lock (events.Gate) events.Gap.Open();
    }

    // Tells all servers, as soon as the log takes entries again.
    private void Mark()
    {
        if (_lost == 0) return;
        if (!_isListening)
        {
            // Also if the namespace is not in use here: others are in it.
            _isListening = true;
            log.StateChanged += OnChanged;
        }

        if (log.State != BusState.Alive) return;
        var marker = new Item(this, static _ => default) { Lost = _lost };
        marker.Entry = markerOf(marker);
        if (!TryAppend(marker.Entry)) return;
        _lost = 0;
        _isListening = false;
        log.StateChanged -= OnChanged;
    }

    private void OnMarkerReadBack(Item marker)
    {
        lock (events!.Gate)
        {
            events.Gap.Lose(marker.Id);
            for (; marker.Lost > 0; marker.Lost--) events.Gap.Close(marker.Id);
        }
    }
}
