using System.Reflection;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Tests.Leaving;

public sealed class LeaveReasonTests
{
    private static LeaveReason[] WellKnown =>
        [.. typeof(LeaveReason).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => (LeaveReason)property.GetValue(null)!)];

    [Fact]
    public void Each_reason_that_ends_a_session_has_a_value_and_no_value_is_without_a_reason()
    {
        var ofSessions = typeof(CloseReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => new LeaveReason(((CloseReason)field.GetValue(null)!).Text));
        LeaveReason[] ofNamespaces = [LeaveReason.ClientNamespaceDisconnect, LeaveReason.ServerNamespaceDisconnect];

        Assert.Equal(
            ofSessions.Concat(ofNamespaces).Select(reason => reason.Text).Distinct().Order(StringComparer.Ordinal),
            WellKnown.Select(reason => reason.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reasons_are_equal_by_their_text()
    {
        Assert.True(new LeaveReason("ping timeout") == LeaveReason.PingTimeout);
        Assert.True(new LeaveReason("ping timeout") != LeaveReason.ParseError);
        Assert.Equal("ping timeout", $"{LeaveReason.PingTimeout}");
    }

    [Fact]
    public void None_is_the_default_and_has_no_text()
    {
        Assert.Equal("", default(LeaveReason).Text);
        Assert.DoesNotContain(default(LeaveReason), WellKnown);
        Assert.Throws<ArgumentException>(() => new LeaveReason(""));
        Assert.Equal("The socket was disconnected.", new SocketDisconnectedException(default).Message);
    }
}
