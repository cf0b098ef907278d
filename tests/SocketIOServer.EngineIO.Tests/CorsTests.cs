using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Whatever form a CORS policy has, a request passes where ASP.NET's own middleware allows its origin, and nowhere else.</summary>
public sealed class CorsTests : EngineTests
{
    private const string Friend = "http://friend.example";

    private static readonly Dictionary<string, Action<CorsPolicyBuilder>> Policies = new()
    {
        ["any origin"] = policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod(),
        ["a star"] = policy => policy.WithOrigins("*"),
        ["origins"] = policy => policy.WithOrigins("http://other.example", Friend),
        ["origins with credentials"] = policy => policy.WithOrigins(Friend).AllowCredentials(),
        ["an origin in capitals"] = policy => policy.WithOrigins("HTTP://Friend.Example"),
        ["an origin in Unicode"] = policy => policy.WithOrigins("http://bücher.example"),
        ["an origin with its port"] = policy => policy.WithOrigins("http://friend.example:80"),
        ["subdomains"] = policy => policy.WithOrigins("http://*.friend.example").SetIsOriginAllowedToAllowWildcardSubdomains(),
        ["a function"] = policy => policy.SetIsOriginAllowed(origin => origin.EndsWith("example", StringComparison.Ordinal)),
        ["a function that allows all"] = policy => policy.SetIsOriginAllowed(_ => true).AllowCredentials(),
        ["a function that allows none"] = policy => policy.SetIsOriginAllowed(_ => false),
        ["null"] = policy => policy.WithOrigins("null"),
        ["file"] = policy => policy.WithOrigins("file://"),
        ["nothing"] = _ => { },
    };

    private static readonly string[] Origins =
        [Friend, "http://evil.example", "http://a.friend.example", "http://friend.example:81", "https://friend.example", "http://xn--bcher-kva.example", "null", "file://x"];

    private static readonly Dictionary<string, Action<Setup>> Places = new()
    {
        ["default policy"] = setup =>
        {
            setup.Cors = cors => cors.AddDefaultPolicy(setup.Policy);
            setup.Use = app => app.UseCors();
        },
        ["RequireCors by name"] = setup =>
        {
            setup.Cors = cors =>
            {
                cors.AddDefaultPolicy(policy => policy.WithOrigins("http://unused.example"));
                cors.AddPolicy("sockets", setup.Policy);
            };
            setup.Use = app => app.UseCors();
            setup.Endpoint = endpoint => endpoint.RequireCors("sockets");
        },
        ["RequireCors by policy"] = setup =>
        {
            setup.Use = app => app.UseCors();
            setup.Endpoint = endpoint => endpoint.RequireCors(setup.Policy);
        },
        ["EnableCors"] = setup =>
        {
            setup.Cors = cors => cors.AddPolicy("sockets", setup.Policy);
            setup.Use = app => app.UseCors();
            setup.Endpoint = endpoint => endpoint.WithMetadata(new EnableCorsAttribute("sockets"));
        },
        ["EnableCors of the default policy"] = setup =>
        {
            setup.Cors = cors => cors.AddDefaultPolicy(setup.Policy);
            setup.Use = app => app.UseCors();
            setup.Endpoint = endpoint => endpoint.WithMetadata(new EnableCorsAttribute());
        },
        ["UseCors by name"] = setup =>
        {
            setup.Cors = cors => cors.AddPolicy("sockets", setup.Policy);
            setup.Use = app => app.UseCors("sockets");
        },
        ["UseCors by policy"] = setup => setup.Use = app => app.UseCors(setup.Policy),
        ["UseCors by policy beside a default one"] = setup =>
        {
            setup.Cors = cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin());
            setup.Use = app => app.UseCors(setup.Policy);
        },
        ["DisableCors"] = setup =>
        {
            setup.Cors = cors => cors.AddDefaultPolicy(setup.Policy);
            setup.Use = app => app.UseCors();
            setup.Endpoint = endpoint => endpoint.WithMetadata(new DisableCorsAttribute());
        },
        ["a provider of the program's"] = setup =>
        {
            setup.Services = services => services.AddSingleton<ICorsPolicyProvider>(new OwnProvider(setup.Build()));
            setup.Use = app => app.UseCors();
        },
    };

    public static TheoryData<string> Forms => [.. Policies.Keys];

    public static TheoryData<string> Ways => [.. Places.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_policy_of_any_form_means_what_it_means_to_ASP_NET(string form) => await CompareAsync("default policy", form, Origins);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_policy_counts_wherever_a_program_puts_it(string way)
    {
        foreach (var form in (string[])["any origin", "origins", "nothing"]) await CompareAsync(way, form, [Friend, "http://evil.example", "null"]);
    }

    [Fact]
    public async Task Without_the_middleware_the_default_policy_counts()
    {
        var host = Keep(await EngineHost.StartAsync(build: app => app.Services.AddCors(cors => cors.AddDefaultPolicy(Policies["any origin"]))));

        Assert.Equal((200, 200, 101), await Http11.AskAllAsync(host, "Origin: http://evil.example\r\n"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_function_that_throws_lets_nobody_in_and_the_log_has_it(bool isOfProvider)
    {
        var error = new FormatException("the program's own");
        var host = Keep(await EngineHost.StartAsync(build: app =>
        {
            app.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.SetIsOriginAllowed(_ => throw error)));
            if (isOfProvider) app.Services.AddSingleton<ICorsPolicyProvider>(new OwnProvider(null, error));
        }));

        var statuses = await Http11.AskAllAsync(host, "Origin: http://evil.example\r\n");

        Assert.Equal((500, 500, 500), statuses);
        Assert.Equal(3, host.Web.Log.Errors.Count(line => line.Exception == error));
        host.Web.Log.Lines.Clear();
    }

    [Fact]
    public void The_programs_own_CORS_service_is_asked_whenever_it_was_added()
    {
        var own = new OwnService();
        foreach (var isFirst in (bool[])[true, false])
        {
            var services = new ServiceCollection().AddLogging();
            if (isFirst) services.AddSingleton<ICorsService>(own);
            services.AddSocketIO();
            services.AddSocketIO("another");
            if (!isFirst) services.AddSingleton<ICorsService>(own);
            services.AddCors();
            using var provider = services.BuildServiceProvider();

            provider.GetRequiredService<ICorsService>().EvaluatePolicy(new DefaultHttpContext(), new());
        }

        Assert.Equal(2, own.Calls);
    }

    [Fact]
    public void Without_AddCors_it_still_fails_at_start()
    {
        using var provider = new ServiceCollection().AddLogging().AddSocketIO().Services.BuildServiceProvider();

        Assert.Throws<InvalidOperationException>(() => provider.GetService<ICorsService>());
    }

    private async Task CompareAsync(string way, string form, string[] origins)
    {
        var setup = new Setup(Policies[form]);
        Places[way](setup);
        var host = Keep(await EngineHost.StartAsync(
            build: app =>
            {
                app.Services.AddCors(setup.Cors);
                setup.Services(app.Services);
            },
            use: setup.Use, endpoint: setup.Endpoint));
        foreach (var origin in origins)
        {
            var answer = await Http11.AskAsync(host, "?EIO=4&transport=polling", $"Origin: {origin}\r\n");
            var isAllowed = answer.Head.Contains("Access-Control-Allow-Origin", StringComparison.Ordinal);
            var statuses = await Http11.AskAllAsync(host, $"Origin: {origin}\r\n");

            Assert.Equal((way, form, origin, isAllowed ? (200, 200, 101) : (403, 403, 403)), (way, form, origin, statuses));
        }
    }

    private sealed class Setup(Action<CorsPolicyBuilder> policy)
    {
        public Action<CorsPolicyBuilder> Policy => policy;

        public Action<CorsOptions> Cors { get; set; } = _ => { };

        public Action<IServiceCollection> Services { get; set; } = _ => { };

        public Action<WebApplication> Use { get; set; } = _ => { };

        public Action<IEndpointConventionBuilder> Endpoint { get; set; } = _ => { };

        public CorsPolicy Build()
        {
            var builder = new CorsPolicyBuilder();
            policy(builder);
            return builder.Build();
        }
    }

    private sealed class OwnProvider(CorsPolicy? policy, Exception? error = null) : ICorsPolicyProvider
    {
        public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) => error is null ? Task.FromResult(policy) : throw error;
    }

    private sealed class OwnService : ICorsService
    {
        public int Calls { get; private set; }

        public CorsResult EvaluatePolicy(HttpContext context, CorsPolicy policy)
        {
            Calls++;
            return new();
        }

        public void ApplyResult(CorsResult result, HttpResponse response)
        {
        }
    }
}
