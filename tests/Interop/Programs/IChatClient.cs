namespace SocketIOServer.Interop.Programs;

internal interface IChatClient
{
    ValueTask Status(string text);

    ValueTask Message(ChatLine line);

    ValueTask History(IReadOnlyList<ChatLine> lines);
}
