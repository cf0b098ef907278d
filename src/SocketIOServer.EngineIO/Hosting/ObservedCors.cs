using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SocketIOServer.EngineIO.Hosting;

/// <summary>
/// Wraps the CORS service of ASP.NET Core and keeps its result for the request. Only the CORS middleware knows the policy that the application passes to
/// UseCors, so the origin check needs this result to know the headers of the response.
/// </summary>
internal sealed class ObservedCors(ICorsService inner) : ICorsService
{
    private static readonly object Key = new();

    /// <summary>The result for a request. Null if no CORS middleware has handled it.</summary>
    public static CorsResult? ResultOf(HttpContext context) => context.Items.TryGetValue(Key, out var result) ? result as CorsResult : null;

    /// <summary>Wraps the application's service, whether it is added before or after this call.</summary>
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
            // Without AddCors, UseCors fails at startup, as it does without this library.
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
