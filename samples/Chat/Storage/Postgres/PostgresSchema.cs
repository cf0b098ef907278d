namespace Chat.Storage.Postgres;

/// <summary>The tables. A database of an older version is brought up step by step; steps that were shipped never change.</summary>
internal static class PostgresSchema
{
    // Any number, the same on all nodes: nodes that start at once upgrade one after the other.
    private const long UpgradeLock = 0x43686174;

    private static readonly string[] Steps =
    [
        // Names are compared as they are and by no language's rules, hence COLLATE "C".
        """
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL,
            key text COLLATE "C" NOT NULL UNIQUE,   -- the name as it is compared
            password text NOT NULL,                 -- hashed
            stamp bigint NOT NULL DEFAULT 0         -- cookies with another one are no longer valid
        );

        CREATE TABLE conversations (
            id bigint GENERATED ALWAYS AS IDENTITY (START WITH 3) PRIMARY KEY,
            kind text NOT NULL,                     -- global, anonymous, room, private
            key text COLLATE "C" NOT NULL,          -- a room's name as it is compared; of a private one both users' ids
            name text NOT NULL,
            owner bigint REFERENCES users,
            UNIQUE (kind, key)
        );
        INSERT INTO conversations (id, kind, key, name) OVERRIDING SYSTEM VALUE VALUES (1, 'global', '', ''), (2, 'anonymous', '', '');

        CREATE TABLE members (
            conversation bigint NOT NULL REFERENCES conversations ON DELETE CASCADE,
            account bigint NOT NULL REFERENCES users,
            read bigint NOT NULL DEFAULT 0,         -- has seen messages up to this id
            PRIMARY KEY (conversation, account)
        );
        CREATE INDEX members_by_account ON members (account);

        CREATE TABLE messages (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            conversation bigint NOT NULL REFERENCES conversations ON DELETE CASCADE,
            sender bigint REFERENCES users,         -- null: a guest
            recipient bigint REFERENCES users,      -- of a private one
            name text NOT NULL,
            text text NOT NULL,
            sent bigint NOT NULL,                   -- milliseconds since 1970
            client_id text NOT NULL,
            UNIQUE (conversation, client_id)        -- of the event: sent again, it is stored once
        );
        CREATE INDEX messages_by_conversation ON messages (conversation, id, sender);

        CREATE TABLE files (
            message bigint PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
            owner bigint REFERENCES users,
            name text NOT NULL,
            type text NOT NULL,
            size bigint NOT NULL,
            content bytea NOT NULL
        );
        CREATE INDEX files_by_owner ON files (owner, size);

        CREATE TABLE waiting (                      -- private messages that no device of the recipient has acked yet
            account bigint NOT NULL REFERENCES users,
            message bigint NOT NULL REFERENCES messages ON DELETE CASCADE,
            PRIMARY KEY (account, message)
        );
        CREATE INDEX waiting_by_message ON waiting (message);

        CREATE TABLE cookie_keys (                  -- of ASP.NET's data protection
            name text PRIMARY KEY,
            xml text NOT NULL
        );
        """,
    ];

    public static Task<int> UpgradeAsync(PostgresDatabase database) => database.WriteAsync(async session =>
    {
        await session.AnyAsync("SELECT pg_advisory_xact_lock($1)", UpgradeLock);
        await session.RunAsync("CREATE TABLE IF NOT EXISTS chat_version (version bigint NOT NULL)");
        var version = await session.NumberAsync("SELECT version FROM chat_version") ?? 0;
        if (version > Steps.Length)
            throw new InvalidOperationException($"The database is of version {version}, this program knows {Steps.Length}: start a newer one.");
        foreach (var step in Steps.Skip((int)version)) await session.RunAsync(step);
        await session.RunAsync("DELETE FROM chat_version");
        return await session.RunAsync("INSERT INTO chat_version VALUES ($1)", (long)Steps.Length);
    });
}
