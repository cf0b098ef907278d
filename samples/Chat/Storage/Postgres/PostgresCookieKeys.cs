using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Chat.Storage.Postgres;

/// <summary>The keys of cookies and forms, which all nodes share. ASP.NET calls this rarely and without awaiting, so the calls block.</summary>
internal sealed class PostgresCookieKeys(PostgresDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => database.ReadAsync(session =>
        session.AllAsync("SELECT xml FROM cookie_keys", row => XElement.Parse(row.GetString(0)))).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => database.WriteAsync(session => session.RunAsync(
        "INSERT INTO cookie_keys (name, xml) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET xml = excluded.xml",
        friendlyName, element.ToString(SaveOptions.DisableFormatting))).GetAwaiter().GetResult();
}
