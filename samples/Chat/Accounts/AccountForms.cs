using Chat.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using SocketIOServer;

namespace Chat.Accounts;

/// <summary>Register, sign in, sign out; who is signed in. Forms are taken with ASP.NET's antiforgery token alone.</summary>
internal static class AccountForms
{
    private const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    private static readonly PasswordHasher<Credentials> Hasher = new();

    // Of nobody's password: who asks for a name that is not there waits as long as for one that is.
    private static readonly string NobodysHash = Hasher.HashPassword(new(), Guid.NewGuid().ToString());

    public static void Map(IEndpointRouteBuilder chat)
    {
        chat.MapGet("/session", (HttpContext context, IAntiforgery antiforgery) =>
        {
            var user = User.From(context.User);
            return new Session(user is null ? null : new(user.Id, user.Name, true), antiforgery.GetAndStoreTokens(context).RequestToken!);
        });

        var forms = chat.MapGroup("").AddEndpointFilter(CheckTokenAsync);
        forms.MapPost("/register", RegisterAsync);
        forms.MapPost("/sign-in", SignInAsync);
        forms.MapPost("/sign-out", SignOutAsync).RequireAuthorization();
    }

    private static async ValueTask<object?> CheckTokenAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        await invocation.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(invocation.HttpContext)
            ? await next(invocation)
            : Refuse(ErrorCode.BadToken);

    private static async Task<IResult> RegisterAsync(Credentials given, HttpContext context, IChatStore store, Attempts attempts)
    {
        if (UserName.Read(given.Name) is not { } name) return Refuse(ErrorCode.BadName);
        if (!given.HasGoodPassword) return Refuse(ErrorCode.BadPassword);
        if (!attempts.MayRegister(context.Connection.RemoteIpAddress)) return Refuse(ErrorCode.TooManyAttempts);
        var user = await store.Accounts.AddAsync(name, Hasher.HashPassword(given, given.Password!));
        return user is null ? Refuse(ErrorCode.NameTaken) : SignIn(user);
    }

    private static async Task<IResult> SignInAsync(Credentials given, HttpContext context, IChatStore store, Attempts attempts)
    {
        var name = UserName.Read(given.Name) ?? "";
        if (!attempts.MaySignIn(NameKey.Of(name), context.Connection.RemoteIpAddress)) return Refuse(ErrorCode.TooManyAttempts);
        var account = await store.Accounts.FindAsync(name);
        var isRight = Hasher.VerifyHashedPassword(given, account?.PasswordHash ?? NobodysHash, given.Password ?? "") != PasswordVerificationResult.Failed;
        return isRight && account is not null ? SignIn(account.User) : Refuse(ErrorCode.WrongPassword);
    }

    // Everywhere: the cookies of all devices are void, and all sockets of the user end.
    private static async Task<IResult> SignOutAsync(HttpContext context, IChatStore store, [FromKeyedServices(ChatApp.Server)] ISocketServer server)
    {
        var user = User.From(context.User)!;
        await store.Accounts.SignOutAsync(user.Id);
        foreach (var path in ChatApp.MemberNamespaces) await server.Of(path).To(user.Room).DisconnectAsync(close: true);
        return Results.SignOut(authenticationSchemes: [Scheme]);
    }

    private static IResult SignIn(User user) => Results.SignIn(user.ToPrincipal(Scheme), new AuthenticationProperties { IsPersistent = true }, Scheme);

    private static IResult Refuse(ErrorCode code) => Results.BadRequest(code.ToPayload());

    /// <param name="User">Null: a guest.</param>
    /// <param name="Token">Goes back with the next form, as header RequestVerificationToken.</param>
    private sealed record Session(Person? User, string Token);
}
