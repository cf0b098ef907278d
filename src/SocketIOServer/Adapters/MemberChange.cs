using System.Collections.Immutable;

namespace SocketIOServer.Adapters;

/// <summary>What the program does to the sockets of rooms. Those whose clients are away are among them.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Target">The sockets.</param>
/// <param name="Rooms">The rooms to join or to leave.</param>
/// <param name="Close">A disconnect ends the whole connections.</param>
internal sealed record MemberChange(MemberChangeKind Kind, Target Target, ImmutableArray<string> Rooms, bool Close = false)
{
    private const int Overhead = 200;
    private const int OverheadOfRoom = 40;

    /// <summary>The memory that it takes.</summary>
    public int Size { get; } = Overhead + SizeOf(Target.Rooms) + SizeOf(Target.Except) + SizeOf(Rooms);

    private static int SizeOf(ImmutableArray<string> rooms) => rooms.Sum(static room => OverheadOfRoom + 2 * room.Length);
}
