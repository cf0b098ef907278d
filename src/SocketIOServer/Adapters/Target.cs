namespace SocketIOServer.Adapters;

/// <summary>To whom: everyone, or the union of some rooms; without the sockets of others.</summary>
internal readonly struct Target(string[] rooms, string[] except, bool isVolatile)
{
    public static readonly Target Everyone = new([], [], false);

    public string[] Rooms { get; } = rooms;

    public string[] Except { get; } = except;

    public bool IsVolatile { get; } = isVolatile;

    public Target To(ReadOnlySpan<string> rooms) => new([.. Rooms, .. rooms], Except, IsVolatile);

    public Target Without(ReadOnlySpan<string> rooms) => new(Rooms, [.. Except, .. rooms], IsVolatile);

    public Target AsVolatile() => new(Rooms, Except, true);
}
