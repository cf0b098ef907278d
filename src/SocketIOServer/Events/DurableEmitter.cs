namespace SocketIOServer.Events;

/// <summary>Emits events that are kept until they are acked.</summary>
/// <param name="namespace">The namespace.</param>
/// <param name="inbox">The inbox of the receiver.</param>
/// <param name="room">The room of the receiver, for OnAnyOutgoing.</param>
/// <param name="maxAge">How long an event is kept.</param>
internal sealed class DurableEmitter(NamespaceContext @namespace, string inbox, string room, TimeSpan maxAge) : IEmitter
{
    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        var message = @namespace.Encoder.EventArgs(@namespace.Utf8Name, name, args);
        @namespace.CheckAttachments(message.Attachments, name);
        if (@namespace.Outgoing.Any) @namespace.Outgoing.Notify(new(name, args.ToArray(), @namespace.Name, null, [room], []), @namespace, null);
        var (json, attachments) = @namespace.Server.Parser.ReadEvent(message, @namespace.Utf8Name);
        return @namespace.Inboxes!.AddAsync(inbox, Inboxes.InboxContent.Write(json, attachments), maxAge);
    }
}
