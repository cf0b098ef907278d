using System.Globalization;

namespace SocketIOServer;

/// <summary>
/// Rooms whose names are numbers, Guids or other formattable values. The name of the room is the text of the value in the invariant culture, so 7 and "7" are
/// the same room.
/// </summary>
public static class RoomExtensions
{
    /// <summary>Puts the socket into a room.</summary>
    public static ValueTask JoinAsync<T>(this IRemoteSocket socket, T room)
        where T : IFormattable => Given(socket).JoinAsync(Name(room));

    /// <inheritdoc cref="ISocket.JoinWithHistoryAsync"/>
    public static ValueTask<int> JoinWithHistoryAsync<T>(this ISocket socket, T room, int maxEvents = int.MaxValue)
        where T : IFormattable => Given(socket).JoinWithHistoryAsync(Name(room), maxEvents);

    /// <summary>Takes the socket out of a room.</summary>
    public static ValueTask LeaveAsync<T>(this IRemoteSocket socket, T room)
        where T : IFormattable => Given(socket).LeaveAsync(Name(room));

    /// <summary>The sockets of a room except this socket.</summary>
    public static IBroadcast To<T>(this ISocket socket, T room)
        where T : IFormattable => Given(socket).To(Name(room));

    /// <summary>Everyone in the namespace except this socket and the sockets of a room.</summary>
    public static IBroadcast Except<T>(this ISocket socket, T room)
        where T : IFormattable => Given(socket).Except(Name(room));

    /// <summary>Only the sockets of a room, or of a room that an earlier <c>To</c> has named.</summary>
    public static IBroadcast To<T>(this IBroadcast set, T room)
        where T : IFormattable => Given(set).To(Name(room));

    /// <summary>Without the sockets of a room.</summary>
    public static IBroadcast Except<T>(this IBroadcast set, T room)
        where T : IFormattable => Given(set).Except(Name(room));

    /// <summary>Puts every socket of the set into a room.</summary>
    public static ValueTask JoinAsync<T>(this IBroadcast set, T room)
        where T : IFormattable => Given(set).JoinAsync(Name(room));

    /// <summary>Takes every socket of the set out of a room.</summary>
    public static ValueTask LeaveAsync<T>(this IBroadcast set, T room)
        where T : IFormattable => Given(set).LeaveAsync(Name(room));

    /// <summary>Takes everyone out of a room, which ends the room.</summary>
    public static ValueTask CloseRoomAsync<T>(this ISocketNamespace @namespace, T room)
        where T : IFormattable => Given(@namespace).CloseRoomAsync(Name(room));

    /// <summary>The clients in a room, including the caller if it is in the room.</summary>
    public static TClient In<TClient, T>(this TypedClients<TClient> clients, T room)
        where TClient : class
        where T : IFormattable => Given(clients).In(Name(room));

    /// <summary>The clients in a room, except the caller.</summary>
    public static TClient OthersIn<TClient, T>(this TypedClients<TClient> clients, T room)
        where TClient : class
        where T : IFormattable => Given(clients).OthersIn(Name(room));

    private static T Given<T>(T target) => target ?? throw new ArgumentNullException(nameof(target));

    private static string Name(IFormattable room) => room?.ToString(null, CultureInfo.InvariantCulture) ?? throw new ArgumentNullException(nameof(room));
}
