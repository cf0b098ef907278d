namespace SocketIOServer.Interop.Programs;

internal sealed record ChatLine(string From, string Body);
