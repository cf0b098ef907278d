using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Options;
using SocketIOServer;

namespace FaultyProgram;

internal sealed class MadeService
{
    public MadeService() => Fault.At("service-constructor");
}

internal sealed class DisposedService : IDisposable
{
    public void Dispose() => Fault.At("service-dispose");
}

internal sealed class LateDisposedService : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        Fault.At("service-dispose-late");
    }
}

/// <summary>A class namespace that the services make and dispose of.</summary>
internal sealed class MadeNamespace : SocketController, IDisposable
{
    public MadeNamespace() => Fault.At("class-constructor");

    [On("go")]
    public int Go() => Socket.Id.Length == 0 ? 0 : 1;

    [On("ping")]
    public string Ping() => Socket.Id.Length == 0 ? "" : "pong";

    public void Dispose() => Fault.At("class-dispose");
}

internal sealed class Tokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Not for the program's own requests, whose users ASP.NET asks for.
        if (Request.Headers.Authorization.Count > 0) Fault.At("token");
        return Task.FromResult(AuthenticateResult.NoResult());
    }
}

internal sealed class Policies(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
{
    // What is kept is not asked for again.
    public override bool AllowsCachingPolicies => false;

    public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (policyName == "none") Fault.At("policies");
        return base.GetPolicyAsync(policyName);
    }
}

internal sealed class Origins(IOptions<CorsOptions> options) : ICorsPolicyProvider
{
    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        Fault.At("cors-provider");
        return Task.FromResult(options.Value.GetPolicy(options.Value.DefaultPolicyName));
    }
}

internal sealed class Cookies : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        Fault.At("cookie");
        return base.Build(context, expiresFrom);
    }
}

internal sealed class User() : ClaimsPrincipal(new ClaimsIdentity("test"))
{
    public override Claim? FindFirst(string type)
    {
        Fault.At("user");
        return null;
    }
}

internal sealed class Sessions(Microsoft.Extensions.Caching.Distributed.IDistributedCache cache, ILoggerFactory log) : ISessionStore
{
    private readonly DistributedSessionStore _store = new(cache, log);

    public ISession Create(string sessionKey, TimeSpan idleTimeout, TimeSpan ioTimeout, Func<bool> tryEstablishSession, bool isNewSessionKey)
    {
        Fault.At(isNewSessionKey ? "session-handshake" : "session-store");
        return _store.Create(sessionKey, idleTimeout, ioTimeout, tryEstablishSession, isNewSessionKey);
    }
}

internal sealed class Limiter : RateLimiter
{
    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Fault.At("limiter-acquire");
        return new Lease();
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(new Lease());

    protected override void Dispose(bool disposing)
    {
        Fault.At("limiter-dispose");
        base.Dispose(disposing);
    }

    private sealed class Lease : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Fault.At("limiter-lease");
        }
    }
}
