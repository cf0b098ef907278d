using System.Globalization;
using LoadFlood;
using LoadGenerator;

// <server> <port> <process> <clients> <senders> <messages> <bytes>: one flood against one server, its result as a row of the table.
if (args is not [var name, ..] || args.Length != 7) throw new ArgumentException("What to flood: see bench/flood.");
var numbers = args[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var (port, id, clients, senders, messages, bytes) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);

var process = new ServerProcess(id, port);
var flood = new Flood(port, clients);
var before = process.CpuSeconds();
flood.Run(senders, messages, bytes);
var cpu = process.CpuSeconds() - before;

var expected = (long)clients * senders * messages;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"| {name} | {clients:N0} | {senders} | {messages:N0} | {bytes:N0} | {expected * bytes / 1e6:N0} | {flood.Closed:N0} | {100.0 * flood.Delivered / expected:0.#} % "
    + $"| {flood.Seconds:0.0} | {cpu:0.0} | {process.PeakBytes() / 1e6:N0} |"));
