using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Chat.Storage;

/// <summary>The system's own SQLite, which gets its security fixes from there.</summary>
internal static class SystemSqlite
{
    // For strict tables.
    private const int Oldest = 3_037_000;

    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3.dll"];
    private static readonly Lazy<bool> Once = new(Register);

    public static void Use() => _ = Once.Value;

    private static bool Register()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Find);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return raw.sqlite3_libversion_number() >= Oldest
            ? true
            : throw new InvalidOperationException($"SQLite 3.37 or newer is needed, this is {raw.sqlite3_libversion().utf8_to_string()}.");
    }

    private static nint Find(string library, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        }

        throw new DllNotFoundException("SQLite is missing: install package libsqlite3-0 (eng/need-sqlite).");
    }
}
