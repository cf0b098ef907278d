using System.Globalization;

namespace SocketIOServer.Protocol.Tests;

/// <summary>The tests run in several cultures (CULTURE in the environment, from ./test); this one sees that they do.</summary>
public sealed class CultureTests
{
    [Fact]
    public void The_culture_is_the_one_that_was_asked_for()
    {
        var asked = Environment.GetEnvironmentVariable("CULTURE")?.Replace('_', '-') ?? CultureInfo.InstalledUICulture.Name;

        Assert.Equal(asked, CultureInfo.CurrentCulture.Name);
    }
}
