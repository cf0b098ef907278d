using Chat.Accounts;
using Chat.Storage;
using SocketIOServer;

namespace Chat.Messages;

/// <summary>Brings private messages to the devices of their recipients. One that a device has acked waits no longer, and its sender is told.</summary>
internal sealed partial class Postman(IChatStore store, [FromKeyedServices(ChatApp.Server)] ISocketServer server, ILogger<Postman> logger)
{
    private ISocketNamespace Private => server.Of(PrivateController.Path);

    /// <summary>
    /// To each device the user has; completes when it is sent. The first ack counts, so a device that sleeps holds up nothing. What goes wrong
    /// later is logged, and leaves the message waiting for the next device.
    /// </summary>
    public async Task DeliverAsync(long user, Message message)
    {
        foreach (var device in await Private.To(User.RoomOf(user)).FetchSocketsAsync()) _ = TryDeliverAsync(user, device.Id, message);
    }

    /// <summary>What came while the user was away, to a device that has come; until nothing is left.</summary>
    public async Task DeliverWaitingAsync(long user, string device, CancellationToken gone)
    {
        while (!gone.IsCancellationRequested && await store.Private.WaitingAsync(user) is { Count: > 0 } waiting)
        {
            if (!await TryHandOverAsync(user, device, waiting)) return;
        }
    }

    /// <summary>The same as <see cref="DeliverWaitingAsync"/>; what goes wrong is logged.</summary>
    public async Task TryDeliverWaitingAsync(long user, string device, CancellationToken gone)
    {
        try
        {
            await DeliverWaitingAsync(user, device, gone);
        }
        catch (Exception e)
        {
            LogWaiting(e, user);
        }
    }

    // Nobody waits for it.
    private async Task TryDeliverAsync(long user, string device, Message message)
    {
        try
        {
            await TryHandOverAsync(user, device, [message]);
        }
        catch (Exception e)
        {
            LogUndelivered(e, message.Id);
        }
    }

    private async Task<bool> TryHandOverAsync(long user, string device, IReadOnlyList<Message> messages)
    {
        var reply = await Private.To(device).CallAsync<bool>("messages", messages);
        if (reply.Missing.Count > 0 || reply.Replies.Count == 0) return false;
        foreach (var bySender in (await store.Private.DeliveredAsync(user, messages)).GroupBy(message => message.Sender!.Value))
            await Private.To(User.RoomOf(bySender.Key)).As<IPrivateClient>().Delivered(user, [.. bySender.Select(message => message.Id)]);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "That private message {Message} was delivered could not be noted: it waits for the next device.")]
    private partial void LogUndelivered(Exception error, long message);

    [LoggerMessage(LogLevel.Error, "The private messages that wait for user {User} were not delivered: they wait for the next device.")]
    private partial void LogWaiting(Exception error, long user);
}
