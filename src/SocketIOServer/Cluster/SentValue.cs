using System.Runtime.InteropServices;
using System.Text.Json;
using SocketIOServer.Json;

namespace SocketIOServer.Cluster;

/// <summary>A value of a socket's data that another server has sent. It is read when somebody asks for it as a type.</summary>
internal sealed class SentValue(JsonElement json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, PacketEncoder encoder)
{
    public JsonElement Json => json;

    /// <exception cref="InvalidCastException">The value is no <typeparamref name="T"/>.</exception>
    public T? Read<T>(string key)
    {
        if (json is T element) return element;
        var outer = BinaryScope.Enter(attachments, looksOn: true);
        try
        {
            return JsonArguments.Read<T>(JsonMarshal.GetRawUtf8Value(json), encoder.Options, out _);
        }
        catch (Exception e) when (JsonArguments.IsFault(e))
        {
            throw new InvalidCastException($"The socket's data \"{key}\" came from another server and cannot be read as a {typeof(T)}.", e);
        }
        finally
        {
            BinaryScope.Leave(outer);
        }
    }
}
