using System.Text;

namespace LoadGenerator;

/// <summary>Socket.IO 5 by HTTP long polling alone. What is sent at once is one packet: no batches, no attachments.</summary>
internal sealed class PollingDialect() : SocketIODialect(Encoding.UTF8.GetBytes)
{
    public override string Path => "/socket.io/?EIO=4&transport=polling";

    public override Connection Connect(int index, int port, string path) => new PollingConnection(this, index, port, path);

    public override Exchange? Binary(string name, byte[] bytes) => null;
}
