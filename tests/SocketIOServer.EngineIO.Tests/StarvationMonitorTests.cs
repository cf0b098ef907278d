namespace SocketIOServer.EngineIO.Tests;

/// <summary>A pool whose threads are all kept gets more, up to a bound, and gives them back.</summary>
public sealed class StarvationMonitorTests
{
    private const int OwnThreads = 2;
    private const int FirstLoan = 4;
    private const int LooksUntilLoan = 4;
    private const int LooksUntilReturn = 500;

    private readonly Pool _pool = new();
    private readonly StarvationMonitor _monitor;

    public StarvationMonitorTests() => _monitor = new(_pool);

    [Fact]
    public void A_pool_that_completes_work_gets_no_threads_however_much_waits()
    {
        _pool.Pending = 10_000;

        for (var i = 0; i < 100; i++)
        {
            _pool.Completed++;
            Assert.True(_monitor.Look());
        }

        Assert.Equal(OwnThreads, _pool.MinThreads);
    }

    [Fact]
    public void A_pool_whose_threads_are_kept_while_nothing_waits_gets_none()
    {
        for (var i = 0; i < 10; i++) Assert.False(_monitor.Look());

        Assert.Equal(OwnThreads, _pool.MinThreads);
    }

    [Fact]
    public void Work_that_waits_while_none_is_completed_brings_threads_and_twice_as_many_each_time()
    {
        _pool.Pending = 100;

        var counts = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            Assert.True(_monitor.Look());
            _pool.Fill();
            counts.Add(_pool.MinThreads);
        }

        // The first look only takes the count of what is completed.
        Assert.Equal([2, 2, 2, 6, 10, 18, 34, 66], counts);
    }

    [Fact]
    public void There_are_a_thousand_to_lend_and_no_more()
    {
        Starve();

        Assert.Equal(OwnThreads + StarvationMonitor.MaxAdded, _pool.MinThreads);
    }

    [Fact]
    public void The_pools_own_limit_holds()
    {
        _pool.MaxThreads = 20;

        Starve();

        Assert.Equal(20, _pool.MinThreads);
    }

    [Fact]
    public void Threads_that_the_pool_has_not_made_yet_are_waited_for()
    {
        _pool.Pending = 100;

        for (var i = 0; i < 100; i++) _monitor.Look();

        Assert.Equal(OwnThreads + FirstLoan, _pool.MinThreads);
    }

    [Theory]
    [InlineData(LooksUntilReturn - 1, OwnThreads + FirstLoan)]
    [InlineData(LooksUntilReturn, OwnThreads)]
    public void They_are_asked_back_after_ten_calm_seconds(int looks, int threads)
    {
        Borrow();
        _pool.Pending = 0;

        for (var i = 0; i < looks; i++) _monitor.Look();

        Assert.Equal(threads, _pool.MinThreads);
    }

    [Fact]
    public void When_they_are_back_nobody_has_to_look_any_more()
    {
        Borrow();
        _pool.Pending = 0;

        for (var i = 0; i < LooksUntilReturn - 1; i++) Assert.True(_monitor.Look());

        Assert.False(_monitor.Look());
    }

    [Fact]
    public void A_number_that_the_program_sets_meanwhile_stays()
    {
        Borrow();
        _pool.Pending = 0;
        _pool.MinThreads = 50;

        for (var i = 0; i < LooksUntilReturn; i++) _monitor.Look();

        Assert.Equal(50, _pool.MinThreads);
    }

    [Fact]
    public void More_are_lent_on_top_of_a_number_that_the_program_has_set()
    {
        Borrow();
        _pool.MinThreads = 50;

        Starve();

        Assert.Equal(50 + StarvationMonitor.MaxAdded, _pool.MinThreads);
    }

    private void Borrow()
    {
        _pool.Pending = 1;
        for (var i = 0; i < LooksUntilLoan; i++) _monitor.Look();
    }

    private void Starve()
    {
        _pool.Pending = 5000;
        for (var i = 0; i < 50; i++)
        {
            _pool.Fill();
            _monitor.Look();
        }
    }

    private sealed class Pool : StarvationMonitor.IPool
    {
        public long Pending { get; set; }

        public long Completed { get; set; }

        public int Threads { get; private set; } = OwnThreads;

        public int MinThreads { get; set; } = OwnThreads;

        public int MaxThreads { get; set; } = 32_767;

        public bool TrySetMinThreads(int count)
        {
            if (count > MaxThreads) return false;
            MinThreads = count;
            return true;
        }

        /// <summary>The pool makes the threads that it may have.</summary>
        public void Fill() => Threads = MinThreads;
    }
}
