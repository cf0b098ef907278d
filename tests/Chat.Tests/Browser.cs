using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chat.Tests;

/// <summary>A browser as far as cookies and forms go.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };
    private readonly HttpClient _http;

    /// <param name="address">Of the chat.</param>
    /// <param name="from">The browser's own, as a proxy tells it.</param>
    public Browser(Uri address, string? from = null)
    {
        _http = new(_handler) { BaseAddress = address };
        if (from is not null) _http.DefaultRequestHeaders.Add("X-Forwarded-For", from);
    }

    public CookieContainer Cookies => _handler.CookieContainer;

    public static async Task<Browser> RegisterAsync(Uri address, string name, string password = "correct horse")
    {
        var browser = new Browser(address);
        Assert.Null(await browser.PostAsync("register", name, password));
        return browser;
    }

    /// <summary>The name of who is signed in.</summary>
    public async Task<string?> WhoAsync() => (await SessionAsync()).GetProperty("user") is { ValueKind: JsonValueKind.Object } user ? user.GetProperty("name").GetString() : null;

    public async Task<string> TokenAsync() => (await SessionAsync()).GetProperty("token").GetString()!;

    /// <summary>The error that is answered; null: it was done.</summary>
    public async Task<string?> PostAsync(string form, string? name = null, string? password = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, form) { Content = JsonContent.Create(new { name, password }) };
        request.Headers.Add("RequestVerificationToken", token ?? await TokenAsync());
        using var answer = await _http.SendAsync(request);
        if (answer.IsSuccessStatusCode) return null;
        return answer.StatusCode == HttpStatusCode.BadRequest ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString() : answer.StatusCode.ToString();
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await GetAsync(path);
        return answer.StatusCode;
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private Task<JsonElement> SessionAsync() => _http.GetFromJsonAsync<JsonElement>("session");
}
