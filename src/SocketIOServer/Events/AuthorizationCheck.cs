using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Events;

/// <summary>Checks by ASP.NET's [Authorize] whether a user may connect to a namespace or send an event.</summary>
internal sealed class AuthorizationCheck
{
    private readonly IAuthorizeData[] _data;
    private AuthorizationPolicy? _policy;

    private AuthorizationCheck(IAuthorizeData[] data) => _data = data;

    /// <summary>What a user must meet, for the log: the names in the [Authorize] attributes.</summary>
    public string Description => string.Join(
        " and ",
        _data.Select(static data => (data.Policy, data.Roles) switch
        {
            ({ } policy, { } roles) => $"the policy \"{policy}\" with the roles \"{roles}\"",
            ({ } policy, null) => $"the policy \"{policy}\"",
            (null, { } roles) => $"the roles \"{roles}\"",
            _ => "the default policy",
        }));

    /// <summary>Returns null if there is no policy.</summary>
    public static AuthorizationCheck? Create(IAuthorizeData[] data, IServiceProviderIsService? services)
    {
        if (data.Length == 0) return null;
        if (services?.IsService(typeof(IAuthorizationService)) == false)
            throw new InvalidOperationException("Call builder.Services.AddAuthorization() to use [Authorize] or Authorize().");
        return new(data);
    }

    public async ValueTask<bool> AllowsAsync(EventCall call)
    {
        _policy ??= await AuthorizationPolicy.CombineAsync(call.Services.GetRequiredService<IAuthorizationPolicyProvider>(), _data);
        var judge = call.Services.GetRequiredService<IAuthorizationService>();
        return _policy is null || (await judge.AuthorizeAsync(call.User, call.Socket, _policy)).Succeeded;
    }
}
