using System.Globalization;
using ChatLoad;
using LoadGenerator;

// <port> <process id> <folder of the database> <users> <posts a second> <seconds>: the table, as Markdown; 1 when anything was lost, doubled or out of order.
var folder = args[2];
int[] numbers = [.. args.Where((_, i) => i != 2).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
var (port, process, users, rate, seconds) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);

// Posts that make a new process warm: .NET compiles hot code anew for some seconds. They are counted as strictly, and not timed.
const int WarmUpSeconds = 10;

var server = new ServerProcess(process, port);
var cookies = await Accounts.RegisterAsync(port, users);
using var crowd = new Crowd(port, cookies);
crowd.EnterRoom();
foreach (var isTimed in (bool[])[false, true])
{
    var result = LoadRun.Run(crowd, server, folder, new(users, crowd.Count, rate * (isTimed ? seconds : WarmUpSeconds)), rate);
    if (isTimed || !result.IsGood) Console.Write(result.ToMarkdown());
    if (!result.IsGood) return 1;
}

return 0;
