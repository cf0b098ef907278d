using Chat.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Chat.Accounts;

/// <summary>The cookie of who is signed in: for the chat's own path, unseen by scripts, void after a sign-out.</summary>
internal static class CookieRules
{
    public static void Apply(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "chat-user";
        cookie.Cookie.Path = ChatApp.Path;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
        // Requests are made by scripts, which want a status and no sign-in page.
        cookie.Events.OnRedirectToLogin = Answer(StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = Answer(StatusCodes.Status403Forbidden);
        cookie.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
        cookie.Events.OnValidatePrincipal = async context =>
        {
            var accounts = context.HttpContext.RequestServices.GetRequiredService<IChatStore>().Accounts;
            if (User.From(context.Principal) is { } user && await accounts.IsCurrentAsync(user)) return;
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        };
    }

    private static Func<RedirectContext<CookieAuthenticationOptions>, Task> Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
