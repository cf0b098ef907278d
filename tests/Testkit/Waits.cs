namespace Testkit;

/// <summary>For what must come: only a test that fails waits long.</summary>
public static class Waits
{
    public static Task Soon(this Task task) => task.WaitAsync(TestHost.Patience);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(TestHost.Patience);
}
