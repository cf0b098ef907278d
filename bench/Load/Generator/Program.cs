using System.Text.Json;
using System.Text.Json.Serialization;
using LoadGenerator;

// report <results> <facts>: the Markdown table of many results. Anything else: one scenario against one server, its result as one line.
if (args is ["report", var results, var facts])
{
    Console.Write(Report.Write(File.ReadLines(results), File.ReadLines(facts)));
    return 0;
}

var settings = new Settings(args);
Scenario? scenario = settings.Scenario switch
{
    "echo-p1" => new EchoScenario(inFlight: 1, size: 32, isAck: false, settings.IsRaw),
    "echo-p16" => new EchoScenario(inFlight: 16, size: 32, isAck: false, settings.IsRaw),
    "ack-p16" => new EchoScenario(inFlight: 16, size: 32, isAck: true, settings.IsRaw),
    "broadcast-w1" => new BroadcastScenario(inFlight: 1, size: 64),
    "broadcast-w8" => new BroadcastScenario(inFlight: 8, size: 64),
    "idle" => null,
    _ => throw new ArgumentException($"There is no scenario {settings.Scenario}."),
};
var result = scenario is null ? IdleRun.Run(settings) : MessageRun.Run(settings, scenario);
Console.WriteLine(JsonSerializer.Serialize(result, new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault }));
return 0;
