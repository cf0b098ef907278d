using SharpFuzz;
using SocketIOServer.Fuzz.Targets;

// eng/fuzz runs this under afl-fuzz: SocketIOServer.Fuzz TARGET. With files behind the target it reads those and nothing else, which repeats a finding.
if (args is not [var name, .. var files] || Target.Find(name) is not { } create)
{
    Console.Error.WriteLine($"usage: SocketIOServer.Fuzz {string.Join('|', Target.Names)} [FILE...]");
    return 2;
}

Target? target = null;
if (files.Length == 0)
{
    // In a process of its own, so that a stack overflow and a hang are findings too and the run goes on.
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        (target ??= create()).Read(input.ToArray());
    });
    return 0;
}

target = create();
foreach (var file in files) target.Read(File.ReadAllBytes(file));
Console.WriteLine($"{files.Length} inputs read, nothing was thrown.");
return 0;
