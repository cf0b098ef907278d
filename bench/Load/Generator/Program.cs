using System.Text.Json;
using System.Text.Json.Serialization;
using LoadGenerator;

// report <results> <facts>: the Markdown tables of many results. scenarios <dialect>: the names of those it has a part in.
// Anything else: one scenario against one server, its result as one line.
switch (args)
{
    case ["report", var results, var facts]:
        Console.Write(Report.Write(File.ReadLines(results), File.ReadLines(facts)));
        return;
    case ["scenarios", var name]:
        Console.WriteLine(string.Join(' ', Scenarios.In(Dialect.Of(name))));
        return;
}

var settings = new Settings(args);
var (scenario, clients) = Scenarios.Of(settings.Scenario, Dialect.Of(settings.Dialect));
if (settings.Clients > 0) clients = settings.Clients;
var result = scenario is IdleScenario ? IdleRun.Run(settings, scenario, clients) : MessageRun.Run(settings, scenario, clients);
Console.WriteLine(JsonSerializer.Serialize(result, new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault }));
