namespace SocketIOServer.EngineIO.Tests.Models;

/// <summary>One session that is taken through some steps, and both its ends then have all that was sent.</summary>
internal sealed class UpgradeRun(EngineHost host) : IAsyncDisposable
{
    private const int MostPolls = 5;

    private readonly List<string> _sent = [];
    private readonly List<string> _received = [];
    private readonly List<string> _written = [];
    private PollingClient _polling = null!;
    private EngineClient? _server;
    private Task<string>? _poll;
    private SocketClient? _socket;
    private bool _isUpgraded;
    private bool _isClosed;

    /// <summary>What the server sent, and what of it the client has.</summary>
    public (string Sent, string Received) ToClient => (string.Join(' ', _sent), string.Join(' ', _received));

    /// <summary>The other way round.</summary>
    public (string Sent, string Received) ToServer => (string.Join(' ', _written), string.Join(' ', _server!.Received));

    public async Task RunAsync(IEnumerable<UpgradeStep> steps)
    {
        _polling = await host.PollAsync();
        _server = host.Find(_polling);
        foreach (var step in steps)
        {
            if (!_isClosed) await RunAsync(step);
        }

        // The last of each direction: whoever has it has all there is, and a loss is seen without waiting for what is lost.
        if (!_isClosed)
        {
            Send();
            await RunAsync(_isUpgraded ? UpgradeStep.Write : UpgradeStep.Post);
        }

        await (_isUpgraded ? ReadRestAsync() : PollRestAsync());
        await ServerHasAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isClosed) _server?.Session.Close(CloseReason.TransportClose);
        if (_socket is not null) await _socket.DisposeAsync();
    }

    private async Task RunAsync(UpgradeStep step)
    {
        switch (step)
        {
            case UpgradeStep.Send:
                Send();
                break;
            case UpgradeStep.Poll when !_isUpgraded:
                if (_poll is { IsCompleted: true }) await EndPollAsync();
                _poll ??= _polling.PollAsync();
                break;
            case UpgradeStep.Post when !_isUpgraded:
                Assert.Equal((200, "ok"), await _polling.PostAsync(Next()));
                break;
            case UpgradeStep.Probe when _socket is null:
                await ProbeAsync();
                break;
            case UpgradeStep.Lose when _socket is not null && !_isUpgraded:
                _socket.Raw.Abort();
                _socket = null;
                break;
            case UpgradeStep.Five when _socket is not null && !_isUpgraded:
                await EndPollAsync();
                await _socket.SendAsync("5");
                _isUpgraded = true;
                break;
            case UpgradeStep.Write when _isUpgraded:
                await _socket!.SendAsync(Next());
                break;
            case UpgradeStep.Close:
                // What is on its way to a session that ends is lost, as promised.
                await ServerHasAllAsync();
                _server!.Session.Close(CloseReason.ForcedClose);
                _isClosed = true;
                break;
        }
    }

    private async Task ProbeAsync()
    {
        // One that was lost may not have been noticed yet.
        await Eventually.TrueAsync(() => _server!.Session.Upgrade == UpgradeState.None, "no other probe");
        _socket = await host.ProbeAsync(_polling);
        await _socket.SendAsync("2probe");
        Assert.Equal("3probe", await _socket.ReadAsync());
    }

    private void Send()
    {
        _sent.Add(UpgradingClient.Text(_sent.Count));
        Assert.True(_server!.Send(_sent[^1]));
    }

    private string Next()
    {
        _written.Add(UpgradingClient.Text(_written.Count));
        return "4" + _written[^1];
    }

    private Task ServerHasAllAsync() => Eventually.TrueAsync(() => _server!.Received.LastOrDefault() == _written.LastOrDefault(), "the server has it all");

    private async Task EndPollAsync()
    {
        if (_poll is null) return;
        Take((await _poll.Soon()).Split('\u001e'));
        _poll = null;
    }

    // A session that was closed tells it behind what was sent.
    private async Task PollRestAsync()
    {
        await EndPollAsync();
        var last = _isClosed ? "closed" : _sent[^1];
        // Where the last is lost, some polls have nothing to say, and no poll may be one too many.
        for (var polls = 0; polls < MostPolls && _received.LastOrDefault() != last; polls++) Take((await _polling.PollAsync().Soon()).Split('\u001e'));
        _received.Remove("closed");
    }

    private async Task ReadRestAsync()
    {
        while (_isClosed || _received.LastOrDefault() != _sent[^1])
        {
            var packet = await _socket!.ReadAsync();
            if (_isClosed && packet == "closed 1000") return;
            Take([packet]);
        }
    }

    private void Take(string[] packets)
    {
        foreach (var packet in packets)
        {
            if (packet == "1") _received.Add("closed");
            else if (packet != "6") _received.Add(packet[0] == '4' ? packet[1..] : packet);
        }
    }
}
