using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace ChatLoad;

/// <summary>
/// Accounts, made as a page makes them: its token, its form, its cookies. Each user calls from a loopback address of its own, so what the
/// chat allows to one address holds as it is.
/// </summary>
internal static class Accounts
{
    // Hashing a password is what takes the server's time; more at once would only wait.
    private const int AtOnce = 4;

    /// <summary>A Cookie header for each user.</summary>
    public static async Task<string[]> RegisterAsync(int port, int users)
    {
        var cookies = new string[users];
        await Parallel.ForAsync(0, users, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (user, _) => cookies[user] = await RegisterOneAsync(port, user));
        return cookies;
    }

    private static async Task<string> RegisterOneAsync(int port, int user)
    {
        var chat = new Uri($"http://127.0.0.1:{port}/chat/");
        var cookies = new CookieContainer();
        using var handler = new SocketsHttpHandler
        {
            CookieContainer = cookies,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(user >> 8), (byte)user]), 0));
                await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = chat };
        var session = await http.GetFromJsonAsync<JsonElement>("session");
        using var form = new HttpRequestMessage(HttpMethod.Post, "register") { Content = JsonContent.Create(new { name = $"user{user}", password = "correct horse" }) };
        form.Headers.Add("RequestVerificationToken", session.GetProperty("token").GetString());
        using var answer = await http.SendAsync(form);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"No account: {await answer.Content.ReadAsStringAsync()}");
        return cookies.GetCookieHeader(chat);
    }
}
