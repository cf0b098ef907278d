namespace SocketIOServer.Adapters;

/// <summary>Which events of which servers a log has had, told by their numbers. A socket that moves to another server takes it along, so that it gets no event twice.</summary>
internal sealed class SeenEvents
{
    // Servers come and go for years. A thread that was stopped between taking a number and publishing is overtaken by as many messages as others send meanwhile.
    private const int MaxSenders = 1000;
    private const int MaxMissing = 4096;
    private const int MaxMissingAtFirst = 128;

    private readonly Dictionary<string, Numbers> _senders = new(StringComparer.Ordinal);

    /// <summary>The senders with the latest and the first number of each, and the numbers before the latest that are missing.</summary>
    public IEnumerable<(string Sender, long Latest, long First, IReadOnlyCollection<long> Missing)> Senders =>
        _senders.Select(static sender => (sender.Key, sender.Value.Latest, sender.Value.First, (IReadOnlyCollection<long>)sender.Value.Missing));

    public void Add(string sender, long number)
    {
        if (!_senders.TryGetValue(sender, out var numbers) || !EventOrigin.AreOfOneLife(numbers.Latest, number))
        {
            if (_senders.Count >= MaxSenders) _senders.Clear();
            _senders[sender] = numbers = new() { Latest = number, First = number };
            // The first message of a sender can be overtaken too.
            for (var missing = Math.Max((number >> EventOrigin.NumberBits << EventOrigin.NumberBits) + 1, number - MaxMissingAtFirst); missing < number; missing++) numbers.Missing.Add(missing);
            return;
        }

        if (number <= numbers.Latest)
        {
            numbers.Missing.Remove(number);
            return;
        }

        for (var missing = Math.Max(numbers.Latest + 1, number - MaxMissing); missing < number; missing++) numbers.Missing.Add(missing);
        numbers.Latest = number;
        while (numbers.Missing.Count > MaxMissing) numbers.Missing.Remove(numbers.Missing.Min);
    }

    /// <summary>Sets what another server has seen.</summary>
    public void Set(string sender, long latest, long first, IEnumerable<long> missing) =>
        _senders[sender] = new() { Latest = latest, First = first, Missing = [.. missing.Take(MaxMissing)] };

    /// <summary>Whether an event was seen. An event without a number was not.</summary>
    public bool Contains(in EventOrigin origin) =>
        origin.Sender is { } sender && origin.IsNumbered && _senders.TryGetValue(sender, out var numbers)
        && EventOrigin.AreOfOneLife(numbers.Latest, origin.Number) && origin.Number <= numbers.Latest && !numbers.Missing.Contains(origin.Number);

    /// <summary>
    /// Whether an event was not seen although an earlier one of its sender was, so that it is still on its way, however long that takes. False for what was sent before
    /// anything of the sender was seen: it may have been sent long ago.
    /// </summary>
    public bool IsOnTheWay(in EventOrigin origin) =>
        origin.Sender is { } sender && _senders.TryGetValue(sender, out var numbers) && EventOrigin.AreOfOneLife(numbers.Latest, origin.Number)
        && origin.Number > numbers.First && !Contains(origin);

    /// <summary>Other servers are heard anew: what they have sent meanwhile was for nobody here.</summary>
    public void ForgetOthers(string own)
    {
        foreach (var sender in _senders.Keys.Where(sender => sender != own).ToArray()) _senders.Remove(sender);
    }

    /// <summary>What this one or another has seen. A new object.</summary>
    public SeenEvents With(SeenEvents? other)
    {
        var both = new SeenEvents();
        foreach (var (sender, numbers) in _senders) both.Set(sender, numbers.Latest, numbers.First, numbers.Missing);
        foreach (var (sender, numbers) in other?._senders ?? [])
        {
            if (!_senders.TryGetValue(sender, out var own) || !EventOrigin.AreOfOneLife(own.Latest, numbers.Latest))
            {
                if (own is null || own.Latest < numbers.Latest) both.Set(sender, numbers.Latest, numbers.First, numbers.Missing);
                continue;
            }

            var (longer, shorter) = own.Latest >= numbers.Latest ? (own, numbers) : (numbers, own);
            both.Set(sender, longer.Latest, Math.Min(own.First, numbers.First), longer.Missing.Where(number => number > shorter.Latest || shorter.Missing.Contains(number)));
        }

        return both;
    }

    private sealed class Numbers
    {
        public long Latest { get; set; }

        /// <summary>The first one that was seen. Others before it may have been seen after it.</summary>
        public long First { get; init; }

        public SortedSet<long> Missing { get; init; } = [];
    }
}
