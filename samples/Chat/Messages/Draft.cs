using System.Buffers;
using Chat.Files;

namespace Chat.Messages;

/// <summary>What a client wants to say.</summary>
/// <param name="Text">Up to 4,000 characters; beside a file it may be empty.</param>
/// <param name="ClientId">Made by the client, the same when it sends again: of two with the same id one is stored.</param>
/// <param name="FileName">What the file is called at the sender's.</param>
internal sealed record Draft(string? Text, string? ClientId, string? FileName = null)
{
    public const int MaxLength = 4000;

    private static readonly SearchValues<char> IdLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsId(string? id) => id is { Length: >= 8 and <= 64 } && !id.AsSpan().ContainsAnyExcept(IdLetters);

    /// <summary>Checked, as it is stored.</summary>
    public NewMessage Read(long conversation, long? sender, string name, byte[]? content = null)
    {
        // The one character that a database may not be able to keep.
        var text = Text?.Replace("\0", "", StringComparison.Ordinal).Trim() ?? "";
        if (text.Length == 0 && content is null) throw ErrorCode.Empty.Refuse();
        if (text.Length > MaxLength) throw ErrorCode.TooLong.Refuse();
        if (!IsId(ClientId)) throw ErrorCode.BadId.Refuse();
        return new(conversation, sender, name, text, ClientId!, content is null ? null : NewFile.Read(FileName, content).OrRefuse());
    }
}

/// <summary>A message that was checked and is not stored yet.</summary>
internal sealed record NewMessage(long Conversation, long? Sender, string Name, string Text, string ClientId, NewFile? File);
