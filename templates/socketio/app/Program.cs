#if (auth)
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.BearerToken;
#endif
using SocketIOServer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSocketIO();
#if (auth)
builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
builder.Services.AddAuthorization();
#endif

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();                                   // the page: wwwroot/index.html

#if (auth)
// Replace the comparison by a check of your own users. The answer has the token that the page sends when it connects.
app.MapPost("/login", (SignIn signIn) => signIn is { Name.Length: > 0 and <= 30, Password: "secret" }
    ? Results.SignIn(
        new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, signIn.Name), new(ClaimTypes.Name, signIn.Name)], "login")),
        authenticationScheme: BearerTokenDefaults.AuthenticationScheme)
    : Results.Unauthorized());

app.MapSocketIO().Of<Chat>().AuthenticateToken().Authorize();
#else
app.MapSocketIO().Of<Chat>();
#endif

app.Run();
#if (auth)

internal sealed record SignIn(string Name, string Password);
#endif
