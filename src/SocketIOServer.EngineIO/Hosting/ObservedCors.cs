using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SocketIOServer.EngineIO.Hosting;

/// <summary>
/// ASP.NET's CORS, with its result kept for the request: the policy that a program gives to UseCors is known to nobody but that middleware,
/// so the origin check could only guess what the answer's headers say.
/// </summary>
internal sealed class ObservedCors(ICorsService inner) : ICorsService
{
    private static readonly object Key = new();

    /// <summary>Null: no CORS middleware has judged the request.</summary>
    public static CorsResult? ResultOf(HttpContext context) => context.Items.TryGetValue(Key, out var result) ? result as CorsResult : null;

    /// <summary>Around whatever service the program has, be it added before or after.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var present = services.LastOrDefault(static service => service.ServiceType == typeof(ICorsService) && !service.IsKeyedService);
        if (present?.ImplementationFactory?.Target is Factory) return;
        services.AddTransient<ICorsService>(new Factory(present).Create);
    }

    public CorsResult EvaluatePolicy(HttpContext context, CorsPolicy policy)
    {
        var result = inner.EvaluatePolicy(context, policy);
        context.Items[Key] = result;
        return result;
    }

    public void ApplyResult(CorsResult result, HttpResponse response) => inner.ApplyResult(result, response);

    private sealed class Factory(ServiceDescriptor? present)
    {
        public ObservedCors Create(IServiceProvider services)
        {
            // Without AddCors, UseCors fails at start, as it does without us.
            if (services.GetService<ICorsPolicyProvider>() is null) throw new InvalidOperationException("Call builder.Services.AddCors() to use CORS.");
            return new(Inner(services));
        }

        private ICorsService Inner(IServiceProvider services) => present switch
        {
            { ImplementationInstance: ICorsService instance } => instance,
            { ImplementationFactory: { } create } => (ICorsService)create(services),
            { ImplementationType: { } type } => (ICorsService)ActivatorUtilities.CreateInstance(services, type),
            _ => new CorsService(services.GetRequiredService<IOptions<CorsOptions>>(), services.GetRequiredService<ILoggerFactory>()),
        };
    }
}
