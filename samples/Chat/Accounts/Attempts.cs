using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Chat.Accounts;

/// <summary>
/// How often passwords may be tried, and accounts be made. Passwords are counted by name and address: who guesses at a name elsewhere
/// does not keep its owner out.
/// </summary>
internal sealed class Attempts(IOptions<ChatOptions> options, TimeProvider time)
{
    private readonly PerMinute _signIns = new(options.Value.AttemptsPerMinute, time);
    private readonly PerMinute _registrations = new(options.Value.RegistrationsPerMinute, time);

    public bool MaySignIn(string name, IPAddress? address) => _signIns.TryCount($"{name} {NetworkOf(address)}");

    public bool MayRegister(IPAddress? address) => _registrations.TryCount(NetworkOf(address));

    // With IPv6 one customer has 2^64 addresses (RFC 6177): they count as one.
    private static string NetworkOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
