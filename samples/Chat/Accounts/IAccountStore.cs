namespace Chat.Accounts;

internal interface IAccountStore
{
    /// <summary>Null: the name is taken.</summary>
    Task<User?> AddAsync(string name, string passwordHash);

    Task<Account?> FindAsync(string name);

    /// <summary>Whether a cookie of this sign-in is still good.</summary>
    Task<bool> IsCurrentAsync(User user);

    /// <summary>All cookies of this user are worthless from now on.</summary>
    Task SignOutAsync(long user);

    /// <summary>Some users whose names begin so, but for the one who asks.</summary>
    Task<IReadOnlyList<Person>> SearchAsync(string beginning, long asker);
}

/// <summary>A user with the hash of the password, which is for the sign-in alone.</summary>
internal sealed record Account(User User, string PasswordHash);

/// <summary>A user as others see one.</summary>
internal sealed record Person(long Id, string Name, bool Online = false);
