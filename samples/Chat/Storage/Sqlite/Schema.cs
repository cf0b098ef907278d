namespace Chat.Storage.Sqlite;

/// <summary>The tables. A database of an older version is brought up step by step; steps that were shipped never change.</summary>
internal static class Schema
{
    private static readonly string[] Steps =
    [
        // Ids are never used again (AUTOINCREMENT): a late "read up to" must not meet a younger message.
        """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            key TEXT NOT NULL UNIQUE,           -- the name as it is compared
            password TEXT NOT NULL,             -- hashed
            stamp INTEGER NOT NULL DEFAULT 0    -- cookies with another one are no longer valid
        ) STRICT;

        CREATE TABLE conversations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,                 -- global, anonymous, room, private
            key TEXT NOT NULL,                  -- a room's name as it is compared; of a private one both users' ids
            name TEXT NOT NULL,
            owner INTEGER REFERENCES users,
            UNIQUE (kind, key)
        ) STRICT;
        INSERT INTO conversations (id, kind, key, name) VALUES (1, 'global', '', ''), (2, 'anonymous', '', '');

        CREATE TABLE members (
            conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            user INTEGER NOT NULL REFERENCES users,
            read INTEGER NOT NULL DEFAULT 0,    -- has seen messages up to this id
            PRIMARY KEY (conversation, user)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX members_by_user ON members (user);

        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            sender INTEGER REFERENCES users,    -- null: a guest
            recipient INTEGER REFERENCES users, -- of a private one
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            sent INTEGER NOT NULL,              -- milliseconds since 1970
            client_id TEXT NOT NULL,
            UNIQUE (conversation, client_id)    -- of the event: sent again, it is stored once
        ) STRICT;
        CREATE INDEX messages_by_conversation ON messages (conversation, id, sender);

        CREATE TABLE files (
            message INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            content BLOB NOT NULL
        ) STRICT;

        CREATE TABLE waiting (                  -- private messages that no device of the recipient has acked yet
            user INTEGER NOT NULL REFERENCES users,
            message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
            PRIMARY KEY (user, message)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX waiting_by_message ON waiting (message);
        """,

        """
        ALTER TABLE files ADD COLUMN owner INTEGER REFERENCES users;
        ALTER TABLE files ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
        UPDATE files SET size = length(content), owner = (SELECT s.sender FROM messages s WHERE s.id = message);
        CREATE INDEX files_by_owner ON files (owner, size);
        """,
    ];

    public static void Upgrade(SqliteSession session)
    {
        var version = session.Number("PRAGMA user_version") ?? 0;
        if (version > Steps.Length)
            throw new InvalidOperationException($"The database is of version {version}, this program knows {Steps.Length}: start a newer one.");
        for (var step = (int)version; step < Steps.Length; step++)
            session.Execute($"BEGIN IMMEDIATE; {Steps[step]} PRAGMA user_version = {step + 1}; COMMIT;");
    }
}
