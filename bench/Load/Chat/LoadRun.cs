using System.Diagnostics;
using LoadGenerator;

namespace ChatLoad;

/// <summary>Posts at a steady rate whatever comes back, then waits for what is still on its way.</summary>
internal static class LoadRun
{
    public static Result Run(Crowd crowd, ServerProcess server, string folder, Posts posts, int rate)
    {
        crowd.Posts = posts;
        var (cpu, own) = (server.CpuSeconds(), Environment.CpuUsage.TotalTime);
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        for (var post = 0; post < posts.Count; post++) posts.DueAt[post] = start + (post * Stopwatch.Frequency / rate);
        for (var post = 0; post < posts.Count; post++)
        {
            while (posts.DueAt[post] - Stopwatch.GetTimestamp() is > 0 and var left) crowd.Turn((int)(left * 1000 / Stopwatch.Frequency));
            crowd.Post(posts.AuthorOf(post), post, Posts.TextOf(post));
        }

        crowd.WaitFor(() => posts.IsOver);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new()
        {
            Posts = posts,
            Seconds = seconds,
            ServerCpuSeconds = server.CpuSeconds() - cpu,
            OwnCpuSeconds = (Environment.CpuUsage.TotalTime - own).TotalSeconds,
            ResidentBytes = server.ResidentBytes(),
            DatabaseBytes = new DirectoryInfo(folder).EnumerateFiles("chat.db*").Sum(file => file.Length),
        };
    }
}
