using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace SignalRPeer;

/// <summary>Clients call echo, echoj, ack, bcast, join and roomcast (a hub does not look at the case) and are called back under the same names.</summary>
internal sealed class EventHub : Hub
{
    public Task Echo(string text) => Clients.Caller.SendAsync("echo", text);

    public Task EchoJ(JsonElement value) => Clients.Caller.SendAsync("echoj", value);

#pragma warning disable CA1822 // A hub's methods are those of its instance.
    public string Ack(string text) => text;
#pragma warning restore CA1822

    public Task Bcast(string text) => Clients.All.SendAsync("bcast", text);

    public Task Join(string room) => Groups.AddToGroupAsync(Context.ConnectionId, room);

    public Task Roomcast(string room, string text) => Clients.Group(room).SendAsync("roomcast", text);
}
