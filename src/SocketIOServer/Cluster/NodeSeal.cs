using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SocketIOServer.Cluster;

/// <summary>
/// Proves that an address was announced by a server that has the secret of the cluster. Without it, whoever can publish on the bus could have the requests of
/// clients, with their cookies, sent anywhere.
/// </summary>
internal static class NodeSeal
{
    public static string Of(byte[] key, string sender, string node, string address) => Base64Url.EncodeToString(Compute(key, sender, node, address));

    public static bool IsValid(string seal, byte[] key, string sender, string node, string address) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.UTF8.GetBytes(Of(key, sender, node, address)));

    // The first line distinguishes it from the signature of a request, which begins with "v1;".
    private static byte[] Compute(byte[] key, string sender, string node, string address) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"node\n{sender}\n{node}\n{address}"));
}
