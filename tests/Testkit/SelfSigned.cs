using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Testkit;

/// <summary>A certificate that nobody vouches for: a client trusts this very one or none.</summary>
public static class SelfSigned
{
    public static X509Certificate2 Create()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
