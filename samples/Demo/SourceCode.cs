namespace Demo;

/// <summary>The program's own source files, embedded when it is built: what a page shows is what runs.</summary>
internal static class SourceCode
{
    public static IResult Read(string file)
    {
        using var stream = typeof(SourceCode).Assembly.GetManifestResourceStream(file);
        if (stream is null) return Results.NotFound();
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        // Behind the summary: usings and namespace say nothing to a reader of the page, and the page has a summary of its own.
        return Results.Text(text[(text.IndexOf("</summary>\n", StringComparison.Ordinal) + "</summary>\n".Length)..]);
    }
}
