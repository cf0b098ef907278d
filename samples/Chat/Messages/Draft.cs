using System.Buffers;
using Chat.Files;

namespace Chat.Messages;

/// <summary>What a client wants to say.</summary>
/// <param name="Text">Up to 4,000 characters; beside a file it may be empty.</param>
/// <param name="FileName">What the file is called at the sender's.</param>
internal sealed record Draft(string? Text, string? FileName = null)
{
    public const int MaxLength = 4000;

    private static readonly SearchValues<char> KeyLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsKey(string? key) => key is { Length: >= 8 and <= 64 } && !key.AsSpan().ContainsAnyExcept(KeyLetters);

    /// <summary>Checked, as it is stored. The key is that of the event, the same if the client sends it again; null if it does not.</summary>
    public NewMessage Read(string? key, long conversation, long? sender, string name, byte[]? content = null)
    {
        if (!IsKey(key ??= Guid.NewGuid().ToString())) throw ErrorCode.BadKey.Refuse();
        // The one character that a database may not be able to keep.
        var text = Text?.Replace("\0", "", StringComparison.Ordinal).Trim() ?? "";
        if (text.Length == 0 && content is null) throw ErrorCode.Empty.Refuse();
        if (text.Length > MaxLength) throw ErrorCode.TooLong.Refuse();
        return new(key, conversation, sender, name, text, content is null ? null : NewFile.Read(FileName, content).OrRefuse());
    }
}

/// <summary>A message that was checked and is not stored yet. Of two with the same key in a conversation one is stored.</summary>
internal sealed record NewMessage(string Key, long Conversation, long? Sender, string Name, string Text, NewFile? File);
