using SocketIOServer.Adapters;

namespace SocketIOServer.Events;

/// <summary>Emits events that are kept until they are acked.</summary>
/// <param name="namespace">The namespace.</param>
/// <param name="inbox">The inbox of the receiver.</param>
/// <param name="room">The room of the receiver, for OnAnyOutgoing.</param>
/// <param name="maxAge">How long an event is kept.</param>
/// <param name="session">The socket whose session has the inbox. Null: it is that of a user.</param>
internal sealed class DurableEmitter(NamespaceContext @namespace, string inbox, string room, TimeSpan maxAge, Member? session = null) : IEmitter
{
    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        var message = @namespace.Encoder.EventArgs(@namespace.Utf8Name, name, args);
        @namespace.CheckAttachments(message.Attachments, name);
        if (@namespace.Outgoing.Any) @namespace.Outgoing.Notify(new(name, args.ToArray(), @namespace.Name, null, [room], []), @namespace, null);
        var (json, attachments) = @namespace.Server.Parser.ReadEvent(message, @namespace.Utf8Name);
        var content = Inboxes.InboxContent.Write(json, attachments);
        return session is null || @namespace.Server.OwnInboxes is null ? @namespace.Inboxes!.AddAsync(inbox, content, maxAge) : AddAsync(content, session);
    }

    private async ValueTask AddAsync(byte[] content, Member socket)
    {
        await @namespace.Inboxes!.AddAsync(inbox, content, maxAge);
        // Afterwards, so that an event either goes along with the session or is refused here.
        if (@namespace.Recovery!.TryWithdraw(socket, () => @namespace.Server.OwnInboxes!.TryWithdraw(inbox, content)))
            throw new InvalidOperationException("The session of the socket is on another server by now, or saved for all servers, and its inbox was in the memory of this one. Use ToUser, or a store that the servers share.");
    }
}
