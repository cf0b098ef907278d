namespace Chat;

/// <summary>What was asked for, or why not.</summary>
internal readonly record struct Outcome<T>(T? Value, ErrorCode? Error)
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(ErrorCode error) => new(default, error);

    /// <summary>In a handler: the client is acked the error.</summary>
    public T OrRefuse() => Error is { } error ? throw error.Refuse() : Value!;
}
