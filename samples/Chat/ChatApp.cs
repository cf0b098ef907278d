using Chat.Accounts;
using Chat.Files;
using Chat.Messages;
using Chat.Presence;
using Chat.Rooms;
using Chat.Storage;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using SocketIOServer;

namespace Chat;

/// <summary>The chat as part of an application: all of it is below one path, and its sockets belong to a server of its own.</summary>
public static class ChatApp
{
    internal const string Path = "/chat";
    internal const string Server = "chat";

    internal static readonly string[] MemberNamespaces = ["/", RoomsController.Path, PrivateController.Path];
    internal static readonly string[] Namespaces = [.. MemberNamespaces, AnonymousController.Path];

    /// <summary>Adds its services; section "Chat" of the configuration has its options.</summary>
    public static void AddChat(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (services, root) = (builder.Services, builder.Environment.ContentRootPath);
        var section = builder.Configuration.GetSection("Chat");
        var options = section.Get<ChatOptions>() ?? new();
        services.Configure<ChatOptions>(section);
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton<PresenceExchange>().AddHostedService(provider => provider.GetRequiredService<PresenceExchange>());
        services.AddSingleton<MissedEvents>().AddHostedService(provider => provider.GetRequiredService<MissedEvents>());
        services.AddSingleton<OnlineUsers>().AddSingleton<Crier>().AddSingleton<UserLimits>().AddSingleton<Memberships>().AddSingleton<Postman>().AddSingleton<Attempts>();

        if (options.Postgres is { } database) services.AddPostgresStore(database);
        else services.AddSqliteStore(OpenFolder(System.IO.Path.Combine(root, options.Folder)));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(CookieRules.Apply);
        services.AddAuthorization();
        services.AddAntiforgery(antiforgery => (antiforgery.Cookie.Name, antiforgery.Cookie.Path) = ("chat-form", Path));

        var cluster = ClusterSettings.Read(builder.Configuration);
        cluster.Connect(services.AddSocketIO(Server, server =>
        {
            server.MaxPayload = 2 * NewFile.MaxBytes;     // a polling client sends binary as base64
            server.AllowEngineIO3 = false;                // the page brings a client of today
            server.AckErrors = true;
            server.Recovery = new() { RunOnConnecting = true };   // the account and the rooms may have changed meanwhile
            if (Directory.Exists(System.IO.Path.Combine(root, options.ClientFiles))) server.ClientFiles = options.ClientFiles;
        }), Server);
        services.AddSingleton(cluster);
        if (cluster.Redis is not null) services.AddHostedService<RedisCounts>();
    }

    /// <summary>Maps pages, forms, files and sockets below /chat.</summary>
    public static void MapChat(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseFileServer(Pages());
        var chat = app.MapGroup(Path);
        AccountForms.Map(chat);
        FileEndpoint.Map(chat);
        app.Services.GetRequiredService<IChatStore>();   // opened now: what is wrong with it is told at the start
        app.Services.GetRequiredService<Crier>();        // listens from now on
        MapSockets(chat.MapSocketIO("/socket.io", Server), app.Services.GetRequiredService<UserLimits>());
    }

    // Nobody else's business: hashes of passwords, and the keys of the cookies.
    private static string OpenFolder(string path)
    {
        var folder = Directory.CreateDirectory(path).FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    private static void MapSockets(SocketEndpointBuilder io, UserLimits limits)
    {
        foreach (var space in (SocketNamespaceBuilder[])[io.Of<GlobalController>(), io.Of<AnonymousController>(), io.Of<RoomsController>(), io.Of<PrivateController>()])
            space.LimitEvents(limits.Of, isShared: true);   // one for all tabs and namespaces of a user

        // What the nodes of a cluster tell each other.
        io.OnCluster(PresenceExchange.Update, (PresenceUpdate update, PresenceExchange exchange) => exchange.Receive(update));
        io.OnCluster(PresenceExchange.Wanted, (string node, PresenceExchange exchange) => exchange.Answer(node));
        io.OnCluster(Memberships.Changed, (long user, Memberships memberships) => memberships.SyncAsync(user));
        io.OnCluster(MissedEvents.Missed, (MissedEvents events) => events.Want());
        io.OnCluster(MissedEvents.Stopping, (string node, MissedEvents events) => events.OnStopping(node));
        io.OnCluster(Memberships.Closed, (long room, OnlineUsers online) => online.CloseRoom(room));
    }

    // They lie beside the program, so that another one can host them.
    private static FileServerOptions Pages()
    {
        var pages = new FileServerOptions { RequestPath = Path, FileProvider = new PhysicalFileProvider(System.IO.Path.Combine(AppContext.BaseDirectory, "page")) };
        pages.StaticFileOptions.OnPrepareResponse = context =>
        {
            var headers = context.Context.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers.CacheControl = "no-cache";
        };
        return pages;
    }
}
