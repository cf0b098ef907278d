namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>Redis dies, freezes, is not there yet, or refuses the password.</summary>
public sealed class RedisProcessFaultTests
{
    [Fact]
    public Task Redis_is_killed_and_started_again() => EachAsync(redis => new("killed", redis.KillAsync, redis.RunAsync) { Lasts = Rounds.Take(1, 4) });

    [Fact]
    public Task Redis_is_stopped_by_a_signal_and_goes_on() => EachAsync(redis => new("stopped", Act(redis.Freeze), Act(redis.Thaw)) { Lasts = Rounds.Take(1.5, 15) });

    [Fact]
    public Task The_servers_start_before_Redis() => EachAsync(redis => new("start before Redis", redis.KillAsync, redis.RunAsync) { Lasts = Rounds.Take(1, 4), IsAtStart = true });

    [Fact]
    public Task Redis_refuses_the_password_at_the_start() => EachAsync(redis => new(
        "wrong password",
        async () =>
        {
            await redis.ExecuteAsync("CONFIG", "SET", "requirepass", "other");
            redis.Password = "other";
        },
        async () =>
        {
            await redis.ExecuteAsync("CONFIG", "SET", "requirepass", "");
            redis.Password = null;
        })
    { Lasts = Rounds.Take(1, 4), IsAtStart = true });

    private static async Task EachAsync(Func<RedisServer, Fault> make)
    {
        for (var i = 0; i < Rounds.Count; i++)
        {
            await using var redis = await RedisServer.StartAsync();
            await FaultRun.CheckAsync(make(redis), redis.Configuration, redis.Configuration);
        }
    }

    private static Func<Task> Act(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };
}
