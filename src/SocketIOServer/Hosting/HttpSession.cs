using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SocketIOServer.EngineIO;
using SocketIOServer.Events;

namespace SocketIOServer.Hosting;

/// <summary>
/// Gives handlers the <see cref="ISession"/> of ASP.NET. It is found by the cookie that the client connected with, loaded before the handler and committed
/// after it. ASP.NET's own middleware does this, with an HTTP context that has only the cookie.
/// </summary>
internal sealed class HttpSession(IServiceProvider services) : ISessionRunner
{
    private readonly SessionMiddleware _middleware = new(
        static context => context.Features.GetRequiredFeature<Use>().RunAsync(context),
        services.GetRequiredService<ILoggerFactory>(),
        services.GetRequiredService<IDataProtectionProvider>(),
        services.GetRequiredService<ISessionStore>(),
        services.GetRequiredService<IOptions<SessionOptions>>());

    private readonly string _cookie = services.GetRequiredService<IOptions<SessionOptions>>().Value.Cookie.Name ?? SessionDefaults.CookieName;

    /// <summary>Serves a request. If handlers use sessions, the first request of a client gets a session before it is served.</summary>
    public static Task ServeAsync(HttpContext context, SocketServer server, EngineServer engine)
    {
        return server.Binder.UsesSession && !context.Request.Query.ContainsKey("sid") ? EstablishAsync() : engine.ServeAsync(context);

        async Task EstablishAsync()
        {
            try
            {
                await server.Session.EstablishAsync(context);
            }
            catch (Exception e)
            {
                // The program's session store.
                await engine.FailAsync(context, e);
                return;
            }

            await engine.ServeAsync(context);
        }
    }

    /// <summary>
    /// Gives a client without a session a new one, as the first write of an HTTP request does. The request gets the cookie, and so does the copy that the
    /// server keeps of it: a WebSocket has no later response that could set a cookie.
    /// </summary>
    private async Task EstablishAsync(HttpContext context)
    {
        var features = new FeatureCollection(context.Features);
        var response = new CapturedResponse(features.GetRequiredFeature<IHttpResponseFeature>());
        features.Set<IHttpResponseFeature>(response);
        features.Set(new Use(session =>
        {
            // The middleware registers OnStarting only if the session is new.
            if (response.Starting is not null)
            {
                session.Set(_cookie, []);
                session.Remove(_cookie);
            }

            return default;
        }));
        await _middleware.Invoke(new DefaultHttpContext(features));
        if (response.Starting is null) return;
        await response.Starting();
        if (!SetCookieHeaderValue.TryParseList(context.Response.Headers.SetCookie, out var cookies)) return;
        if (cookies.LastOrDefault(cookie => cookie.Name == _cookie) is not { } given) return;
        if (context.Request.Headers.Cookie.Count == 0) AmbientCredentials.AddNoneByCookies(context);
        var others = CookieHeaderValue.TryParseList(context.Request.Headers.Cookie, out var sent) ? sent.Where(cookie => cookie.Name != _cookie) : [];
        context.Request.Headers.Cookie = string.Join("; ", [.. others, new CookieHeaderValue(_cookie, given.Value)]);
    }

    public Task RunAsync(Handshake handshake, Func<ISession, ValueTask> run)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = handshake.Headers.Cookie;
        context.Features.Set(new Use(run));
        return _middleware.Invoke(context);
    }

    private sealed class Use(Func<ISession, ValueTask> run)
    {
        public async Task RunAsync(HttpContext context)
        {
            await context.Session.LoadAsync();
            await run(context.Session);
        }
    }

    /// <summary>The real response, except that the server decides when the middleware writes its cookie.</summary>
    private sealed class CapturedResponse(IHttpResponseFeature response) : IHttpResponseFeature
    {
        public Func<Task>? Starting { get; private set; }

        public int StatusCode { get => response.StatusCode; set => response.StatusCode = value; }

        public string? ReasonPhrase { get => response.ReasonPhrase; set => response.ReasonPhrase = value; }

        public IHeaderDictionary Headers { get => response.Headers; set => response.Headers = value; }

        [Obsolete("As the interface says.")]
        public Stream Body { get => response.Body; set => response.Body = value; }

        public bool HasStarted => response.HasStarted;

        public void OnStarting(Func<object, Task> callback, object state) => Starting = () => callback(state);

        public void OnCompleted(Func<object, Task> callback, object state) => response.OnCompleted(callback, state);
    }
}
