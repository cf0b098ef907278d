using SocketIOServer.Adapters;

namespace SocketIOServer.Tests.Recovery;

/// <summary>Which events of the servers of a cluster were seen, told by their numbers.</summary>
public sealed class SeenEventsTests
{
    private const long Life = 3L << 32;

    private readonly SeenEvents _seen = new();

    [Fact]
    public void A_number_that_was_overtaken_was_not_seen()
    {
        Add("a", 1, 2, 5);

        Assert.Equal([true, true, false, false, true, false], Has("a", 1, 2, 3, 4, 5, 6));
        Add("a", 4);
        Assert.Equal([false, true], Has("a", 3, 4));
    }

    [Fact]
    public void The_first_message_of_a_sender_can_be_overtaken()
    {
        Add("a", 2);

        Assert.Equal([false, true], Has("a", 1, 2));
    }

    [Fact]
    public void Another_life_of_a_sender_and_another_sender_were_not_seen()
    {
        Add("a", 7);

        Assert.False(_seen.Contains(new("a", (4L << 32) + 1)));
        Assert.False(_seen.Contains(new("b", Life + 1)));
        Assert.False(_seen.Contains(new("a", 0)));
        Assert.False(_seen.Contains(default));
    }

    [Fact]
    public void What_one_of_two_has_seen_was_seen()
    {
        Add("a", 1, 2, 4, 6);
        Add("b", 1);
        var other = new SeenEvents();
        foreach (var number in (long[])[1, 2, 3, 8]) other.Add("a", Life + number);
        other.Add("c", Life + 1);

        foreach (var both in (SeenEvents[])[_seen.With(other), other.With(_seen)])
        {
            Assert.Equal([true, true, true, true, false, true, false, true, false], Has(both, "a", 1, 2, 3, 4, 5, 6, 7, 8, 9));
            Assert.Equal([true, true], [.. Has(both, "b", 1), .. Has(both, "c", 1)]);
        }
    }

    [Fact]
    public void Missing_numbers_and_senders_are_bounded()
    {
        Add("a", 1, 1_000_000);
        for (var i = 0; i < 2_000; i++) _seen.Add($"sender {i}", Life + 1);

        Assert.All(_seen.Senders, sender => Assert.True(sender.Missing.Count <= 4096));
        Assert.InRange(_seen.Senders.Count(), 1, 1000);
    }

    private void Add(string sender, params long[] numbers)
    {
        foreach (var number in numbers) _seen.Add(sender, Life + number);
    }

    private bool[] Has(string sender, params long[] numbers) => Has(_seen, sender, numbers);

    private static bool[] Has(SeenEvents seen, string sender, params long[] numbers) => [.. numbers.Select(number => seen.Contains(new(sender, Life + number)))];
}
