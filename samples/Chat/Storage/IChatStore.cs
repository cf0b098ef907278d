using Chat.Accounts;
using Chat.Messages;
using Chat.Rooms;

namespace Chat.Storage;

/// <summary>All that outlives the program. A call that writes completes when what it wrote is safe. Any thread.</summary>
internal interface IChatStore
{
    IAccountStore Accounts { get; }

    IRoomStore Rooms { get; }

    IMessageStore Messages { get; }

    IPrivateStore Private { get; }
}
