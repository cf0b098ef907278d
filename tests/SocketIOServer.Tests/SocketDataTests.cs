namespace SocketIOServer.Tests;

public sealed class SocketDataTests
{
    private readonly SocketData _data = new();

    [Fact]
    public void What_is_not_there_is_the_default()
    {
        Assert.Null(_data.Get<string>("name"));
        Assert.Equal(0, _data.Get<int>("count"));
        Assert.False(_data.TryGet<string>("name", out var name));
        Assert.Null(name);
        Assert.False(_data.Contains("name"));
        Assert.False(_data.Remove("name"));
        Assert.Empty(_data);
    }

    [Fact]
    public void What_was_set_is_found_counted_enumerated_and_removed()
    {
        _data.Set("name", "Ann");
        _data.Set<string?>("nothing", null);
        _data.Set("list", new List<int> { 1 });

        Assert.Equal("Ann", _data.Get<string>("name"));
        Assert.True(_data.TryGet<IEnumerable<int>>("list", out var list));
        Assert.Equal([1], list);
        Assert.True(_data.TryGet<string?>("nothing", out var nothing));
        Assert.Null(nothing);
        Assert.True(_data.Contains("nothing"));
        Assert.False(_data.Contains("Name"));
        Assert.Equal(3, _data.Count);
        Assert.Equal(["list", "name", "nothing"], _data.Select(value => value.Key).Order(StringComparer.Ordinal));

        Assert.True(_data.Remove("name"));
        Assert.False(_data.Contains("name"));
        _data.Clear();
        Assert.Empty(_data);
    }

    [Fact]
    public void An_enumeration_does_not_see_changes()
    {
        _data.Set("a", 1);
        _data.Set("b", 2);

        foreach (var (key, _) in _data) _data.Remove(key);

        Assert.Empty(_data);
    }

    [Fact]
    public void Another_type_is_told_with_the_key_and_both_types()
    {
        _data.Set("count", "seven");

        foreach (var wrong in (Action[])[() => _data.Get<int>("count"), () => _data.TryGet<int>("count", out _)])
        {
            var error = Assert.Throws<InvalidCastException>(wrong);
            Assert.Contains("\"count\"", error.Message, StringComparison.Ordinal);
            Assert.Contains("System.String", error.Message, StringComparison.Ordinal);
            Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<InvalidCastException>(() => _data.Increment("count"));
        Assert.Equal("seven", _data.Get<string>("count"));
    }

    [Fact]
    public void Null_is_no_number()
    {
        _data.Set<string?>("count", null);

        Assert.Contains("null", Assert.Throws<InvalidCastException>(() => _data.Get<int>("count")).Message, StringComparison.Ordinal);
        Assert.Null(_data.Get<int?>("count"));
    }

    [Fact]
    public void A_number_is_counted_as_what_it_is()
    {
        _data.Set("small", 41);
        _data.Set("largest", int.MaxValue);

        Assert.Equal(42, _data.Increment("small"));
        Assert.Equal(42, _data.Get<int>("small"));
        Assert.Equal(1, _data.Increment("new"));
        Assert.Equal(1L, _data.Get<long>("new"));
        Assert.Throws<OverflowException>(() => _data.Increment("largest"));
        Assert.Equal(int.MaxValue, _data.Get<int>("largest"));
    }
}
