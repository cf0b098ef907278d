using System.Runtime.CompilerServices;
using SocketIOServer.Adapters;
using SocketIOServer.Sockets;

namespace SocketIOServer.Tests.Rooms;

/// <summary>Who is in a room, as seen by broadcasts while others enter and leave.</summary>
public sealed class RoomMembersTests
{
    private readonly Room _room = new();

    // Nothing of it is asked but whether it is the same.
    private static Member NewMember() => (Member)RuntimeHelpers.GetUninitializedObject(typeof(Socket));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public void All_who_entered_are_there_once_in_chunks_and_by_number(int count)
    {
        var sockets = Fill(count);
        foreach (var socket in sockets) _room.Add(socket);

        var members = _room.Snapshot();

        Assert.Equal(count, _room.Count);
        Assert.Equal(count, members.Count);
        Assert.Equal(sockets, members.All().ToHashSet());
        Assert.Equal(members.All(), Enumerable.Range(0, members.ChunkCount).SelectMany(i => members.Chunk(i).ToArray()));
    }

    [Fact]
    public void When_the_last_one_leaves_the_room_says_so()
    {
        var (first, second) = (NewMember(), NewMember());
        _room.Add(first);
        _room.Add(second);

        Assert.False(_room.Remove(first));
        Assert.False(_room.Remove(first));
        Assert.True(_room.Remove(second));
        Assert.True(_room.Remove(second));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_snapshot_stays_as_it_was_whatever_happens_afterwards(int seed)
    {
        var random = new Random(seed);
        var inside = new List<Member>();
        var snapshots = new List<(Members Members, HashSet<Member> Expected)>();

        for (var i = 0; i < 20_000; i++)
        {
            // It grows to some chunks, shrinks, and grows again.
            var grows = i / 2500 % 2 == 0 ? 7 : 3;
            if (inside.Count == 0 || random.Next(10) < grows)
            {
                inside.Add(NewMember());
                _room.Add(inside[^1]);
            }
            else
            {
                var place = random.Next(inside.Count);
                Assert.Equal(inside.Count == 1, _room.Remove(inside[place]));
                Assert.False(_room.Contains(inside[place]));
                inside[place] = inside[^1];
                inside.RemoveAt(inside.Count - 1);
            }

            if (random.Next(100) == 0) snapshots.Add((_room.Snapshot(), [.. inside]));
        }

        Assert.All(snapshots, snapshot =>
        {
            Assert.Equal(snapshot.Expected.Count, snapshot.Members.Count);
            Assert.True(snapshot.Expected.SetEquals(snapshot.Members.All()));
        });
    }

    [Fact]
    public void To_enter_and_leave_a_large_room_between_broadcasts_copies_a_small_part_of_it()
    {
        foreach (var socket in Fill(20_000)) _room.Add(socket);
        var guest = NewMember();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            _room.Snapshot();
            _room.Add(guest);
            _room.Snapshot();
            _room.Remove(guest);
        }

        // All members are 160 KB.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 200, 1, 8_000);
    }

    [Fact]
    public void Nothing_is_kept_of_who_has_left()
    {
        var (stays, left) = (NewMember(), Enter());
        _room.Add(stays);
        Leave(left);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(left.TryGetTarget(out _));
        Assert.True(_room.Contains(stays));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<Member> Enter()
    {
        var socket = NewMember();
        _room.Add(socket);
        return new(socket);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Leave(WeakReference<Member> socket)
    {
        Assert.True(socket.TryGetTarget(out var target));
        _room.Remove(target!);
    }

    private static HashSet<Member> Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => NewMember())];
}
