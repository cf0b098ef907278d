namespace SocketIOServer.Adapters;

/// <summary>To whom: everyone, or the union of some rooms; without the sockets of others. And how.</summary>
internal readonly record struct Target(string[] Rooms, string[] Except, bool IsVolatile = false, bool IsCompressed = true)
{
    public static readonly Target Everyone = new([], []);

    public Target To(ReadOnlySpan<string> rooms) => this with { Rooms = [.. Rooms, .. rooms] };

    public Target Without(ReadOnlySpan<string> rooms) => this with { Except = [.. Except, .. rooms] };
}
