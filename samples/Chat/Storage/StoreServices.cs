using Chat.Storage.Postgres;
using Chat.Storage.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace Chat.Storage;

/// <summary>Chooses where the chat keeps its data, and beside it the keys of its cookies.</summary>
internal static class StoreServices
{
    private const string Application = "Chat";

    /// <summary>One file, for one process.</summary>
    public static void AddSqliteStore(this IServiceCollection services, string folder)
    {
        services.AddSingleton<IChatStore>(provider => new SqliteStore(Path.Combine(folder, "chat.db"), new(FileBytes(provider)), Time(provider)));
        services.AddDataProtection().SetApplicationName(Application).PersistKeysToFileSystem(new(Path.Combine(folder, "keys")));
    }

    /// <summary>A database, for any number of nodes.</summary>
    public static void AddPostgresStore(this IServiceCollection services, string connectionString)
    {
        // Services are created without awaiting. This one is created while the program starts.
        services.AddSingleton(provider => PostgresStore.OpenAsync(connectionString, FileBytes(provider), Time(provider)).GetAwaiter().GetResult());
        services.AddSingleton<IChatStore>(provider => provider.GetRequiredService<PostgresStore>());
        services.AddDataProtection().SetApplicationName(Application);
        services.AddOptions<KeyManagementOptions>().Configure<PostgresStore>((keys, store) => keys.XmlRepository = store.CookieKeys);
    }

    private static long FileBytes(IServiceProvider provider) => provider.GetRequiredService<IOptions<ChatOptions>>().Value.FileBytesPerUser;

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
