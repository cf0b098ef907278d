using System.Text;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>Sends the requests of a polling client to a server of the test's choice.</summary>
internal static class Roaming
{
    public static async Task<(int Status, string Body)> PollAtAsync(this PollingClient client, TestHost host)
    {
        using var response = await host.Http.GetAsync(new Uri(client.Url, UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static async Task<(int Status, string Body)> PostAtAsync(this PollingClient client, TestHost host, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "text/plain");
        using var response = await host.Http.PostAsync(new Uri(client.Url, UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static Task<SocketClient> UpgradeAtAsync(this PollingClient client, TestHost host) => SocketClient.OpenAsync(host, query: $"&sid={client.Sid}");
}
