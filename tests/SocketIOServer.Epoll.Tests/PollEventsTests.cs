using System.Runtime.InteropServices;

namespace SocketIOServer.Epoll.Tests;

/// <summary>The kernel's struct lies differently in memory on different processors.</summary>
public sealed class PollEventsTests
{
    // The offset of "data" in struct epoll_event, as the C compiler has it (offsetof): <sys/epoll.h> packs it for x86_64 alone.
    [Theory]
    [InlineData(Architecture.X64, 4)]
    [InlineData(Architecture.X86, 4)]
    [InlineData(Architecture.Arm64, 8)]
    [InlineData(Architecture.Arm, 8)]
    [InlineData(Architecture.Armv6, 8)]
    [InlineData(Architecture.RiscV64, 8)]
    [InlineData(Architecture.LoongArch64, 8)]
    [InlineData(Architecture.Ppc64le, 8)]
    [InlineData(Architecture.S390x, 8)]
    public void The_data_is_where_the_processor_has_it(Architecture processor, int offset) => Assert.Equal(offset, PollEvents.DataOn(processor));
}
