namespace Chat;

/// <summary>Section "Chat" of the configuration.</summary>
internal sealed class ChatOptions
{
    /// <summary>Where the SQLite database and the keys of the cookies are, relative to the content root. Not used with <see cref="Postgres"/>.</summary>
    public string Folder { get; set; } = "chat-data";

    /// <summary>The connection string of a PostgreSQL database, which has to exist. Null: the chat keeps its data in <see cref="Folder"/>.</summary>
    public string? Postgres { get; set; }

    /// <summary>The client's script, relative to the content root; eng/bundles puts it there.</summary>
    public string ClientFiles { get; set; } = "lib/socket.io-4";

    /// <summary>Events that a user may send at once, on all sockets together.</summary>
    public int Burst { get; set; } = 40;

    /// <summary>Events that a user may go on sending each second.</summary>
    public int EventsPerSecond { get; set; } = 10;

    /// <summary>Bytes that the files of one user may take; a small file counts 4,096.</summary>
    public long FileBytesPerUser { get; set; } = 100 << 20;

    /// <summary>How long a user may be away, to load the page again, before the rooms are told.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Accounts that one address may make in a minute.</summary>
    public int RegistrationsPerMinute { get; set; } = 20;

    /// <summary>Passwords that may be tried for one name from one address in a minute.</summary>
    public int AttemptsPerMinute { get; set; } = 10;
}
