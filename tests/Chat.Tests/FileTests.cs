using System.Net;
using System.Text;
using Chat.Files;
using Chat.Messages;
using Chat.Rooms;
using static Chat.Tests.Asking;

namespace Chat.Tests;

public sealed class FileTests
{
    private static readonly byte[] Png = [0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13, .. "IHDR"u8];

    public static TheoryData<string, byte[], string, string> Known => new()
    {
        { "cat.png", Png, "cat.png", "image/png" },
        { "cat.JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 1], "cat.JPEG", "image/jpeg" },
        { "cat.gif", [.. "GIF89a"u8, 1, 0], "cat.gif", "image/gif" },
        { "cat.webp", [.. "RIFF"u8, 1, 0, 0, 0, .. "WEBPVP8 "u8], "cat.webp", "image/webp" },
        { "paper.pdf", [.. "%PDF-1.7\n"u8, 0xFF], "paper.pdf", "application/pdf" },
        { "things.zip", [.. "PK\x03\x04"u8, 0xFF], "things.zip", "application/zip" },
        { "notes.md", [.. "# 你好\n"u8], "notes.md", "text/plain; charset=utf-8" },
        { "page.html", [.. "<script>alert(1)</script>"u8], "page.html.txt", "text/plain; charset=utf-8" },
        { "logo.svg", [.. "<svg onload='alert(1)'/>"u8], "logo.svg.txt", "text/plain; charset=utf-8" },
        { "cat.png", [.. "no picture"u8], "cat.png.txt", "text/plain; charset=utf-8" },
        { "notes.txt", Png, "notes.txt.png", "image/png" },
        { "../../etc/passwd", [.. "root"u8], "passwd.txt", "text/plain; charset=utf-8" },
        { "C:\\temp\\a\u202Egpj.txt", [.. "x"u8], "agpj.txt", "text/plain; charset=utf-8" },
        { "", [.. "x"u8], "file.txt", "text/plain; charset=utf-8" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public async Task A_file_is_what_its_content_says(string name, byte[] content, string kept, string type)
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");
        await using var bob = await chat.JoinAsync("/", "Bob");

        var acked = await ada.CallAsync<Message>("file", FileDraft(name), content);

        Assert.Equal(new Attachment(kept, type, content.Length), acked.File);
        Assert.Equal(acked, await bob.NextAsync<Message>("message"));
        Assert.Empty(chat.Errors);
    }

    public static TheoryData<byte[], string> Refused => new()
    {
        { [], "empty" },
        { [.. "MZ"u8, 0x90, 0], "type not allowed" },
        { [0x7F, .. "ELF"u8], "type not allowed" },
        { [0xC3, 0x28], "type not allowed" },
        { new byte[NewFile.MaxBytes + 1], "too large" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Other_files_are_refused(byte[] content, string code)
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");

        Assert.Equal(code, await ada.RefusedAsync("file", FileDraft("x.png"), content));
        Assert.Equal("invalid arguments", await ada.RefusedAsync("file", FileDraft("x.png"), "no bytes"));
        Assert.Empty((await ada.CallAsync<HistoryPage>("history")).Messages);
    }

    [Fact]
    public async Task A_file_of_1_MiB_is_taken()
    {
        await using var chat = ChatProgram.Start();
        await using var ada = await chat.JoinAsync("/", "Ada");
        var content = new byte[NewFile.MaxBytes];
        Array.Fill(content, (byte)'a');

        Assert.Equal(content.Length, (await ada.CallAsync<Message>("file", FileDraft("large.txt"), content)).File!.Size);
    }

    // Small files count 4,096 bytes, so this is room for two.
    [Fact]
    public async Task The_files_of_a_user_have_so_much_room_and_what_does_not_fit_is_refused_and_not_stored()
    {
        await using var chat = ChatProgram.Start("--Chat:FileBytesPerUser=8192");
        var (ada, bob) = (await chat.AddUserAsync("Ada"), await chat.AddUserAsync("Bob"));
        var (global, rooms, priv) = (await chat.ConnectAsync("/", ada), await chat.ConnectAsync("/rooms", ada), await chat.ConnectAsync("/private", ada));
        var peer = await chat.ConnectAsync("/private", bob);
        var room = await rooms.CallAsync<Room>("create", "tea");
        await global.CallAsync<Message>("file", FileDraft("cat.png"), Png);
        await rooms.CallAsync<Message>("file", room.Id, FileDraft("cat.png"), Png);

        Assert.Equal("storage full", await global.RefusedAsync("file", FileDraft("cat.png"), Png));
        Assert.Equal("storage full", await rooms.RefusedAsync("file", room.Id, FileDraft("cat.png"), Png));
        Assert.Equal("storage full", await priv.RefusedAsync("file", bob.Id, FileDraft("cat.png"), Png));

        Assert.Single((await global.CallAsync<HistoryPage>("history")).Messages);
        Assert.Single((await rooms.CallAsync<HistoryPage>("history", room.Id)).Messages);
        Assert.Empty(await peer.CallAsync<Conversation[]>("conversations"));
        Assert.Null(await global.RefusedAsync("message", Draft("words are still free")));
        Assert.Null(await peer.RefusedAsync("file", ada.Id, FileDraft("cat.png"), Png));
        Assert.Empty(chat.Errors);
    }

    [Fact]
    public async Task A_file_that_is_sent_again_is_acked_also_when_the_room_for_files_is_full()
    {
        await using var chat = ChatProgram.Start("--Chat:FileBytesPerUser=4096");
        var bob = await chat.AddUserAsync("Bob");
        var ada = await chat.JoinAsync("/private", "Ada");
        var (draft, key) = (FileDraft("cat.png"), NewKey());

        var first = await ada.CallAsync<Message>("file", bob.Id, draft, Png, key);
        var second = await ada.CallAsync<Message>("file", bob.Id, draft, Png, key);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal("storage full", await ada.RefusedAsync("file", bob.Id, FileDraft("cat.png"), Png));
    }

    [Fact]
    public async Task A_closed_room_gives_its_files_room_back_to_who_sent_them()
    {
        await using var chat = ChatProgram.Start("--Chat:FileBytesPerUser=4096");
        var (ada, bob) = (await chat.JoinAsync("/rooms", "Ada"), await chat.JoinAsync("/rooms", "Bob"));
        var (room, other) = (await ada.CallAsync<Room>("create", "tea"), await ada.CallAsync<Room>("create", "coffee"));
        foreach (var each in (Room[])[room, other]) await bob.CallAsync("join", each.Id);
        await bob.CallAsync<Message>("file", room.Id, FileDraft("cat.png"), Png);
        Assert.Equal("storage full", await bob.RefusedAsync("file", other.Id, FileDraft("cat.png"), Png));

        await ada.CallAsync("close_room", room.Id);

        Assert.Null(await bob.RefusedAsync("file", other.Id, FileDraft("cat.png"), Png));
    }

    [Fact]
    public async Task A_file_is_served_to_members_and_so_that_nothing_in_it_runs()
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        using var ada = await Browser.RegisterAsync(address, "Ada");
        using var eve = await Browser.RegisterAsync(address, "Eve");
        using var guest = new Browser(address);
        await using var tab = await chat.ConnectAsync("/rooms", await chat.FindAsync("Ada"));
        var room = await tab.CallAsync<Room>("create", "tea");
        var picture = await tab.CallAsync<Message>("file", room.Id, FileDraft("cat.png"), Png);
        var page = await tab.CallAsync<Message>("file", room.Id, FileDraft("pagé.html"), Encoding.UTF8.GetBytes("<script>alert(1)</script>"));

        using var shown = await ada.GetAsync($"files/{picture.Id}");
        using var saved = await ada.GetAsync($"files/{page.Id}");

        Assert.Equal(Png, await shown.Content.ReadAsByteArrayAsync());
        Assert.Equal(("image/png", "inline"), (shown.Content.Headers.ContentType!.MediaType, shown.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal(("text/plain", "attachment"), (saved.Content.Headers.ContentType!.MediaType, saved.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal("pagé.html.txt", saved.Content.Headers.ContentDisposition.FileNameStar);
        foreach (var answer in (HttpResponseMessage[])[shown, saved])
        {
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("sandbox; default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        }

        Assert.Equal(HttpStatusCode.NotFound, await eve.StatusAsync($"files/{picture.Id}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await guest.StatusAsync($"files/{picture.Id}"));
        await tab.CallAsync("close_room", room.Id);
        Assert.Equal(HttpStatusCode.NotFound, await ada.StatusAsync($"files/{picture.Id}"));
    }

    [Fact]
    public async Task A_private_file_is_served_to_both_and_to_nobody_else()
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        using var ada = await Browser.RegisterAsync(address, "Ada");
        using var bob = await Browser.RegisterAsync(address, "Bob");
        using var eve = await Browser.RegisterAsync(address, "Eve");
        await using var tab = await chat.ConnectAsync("/private", await chat.FindAsync("Ada"));
        var sent = await tab.CallAsync<Message>("file", (await chat.FindAsync("Bob")).Id, FileDraft("cat.png"), Png);

        Assert.Equal(HttpStatusCode.OK, await ada.StatusAsync($"files/{sent.Id}"));
        Assert.Equal(HttpStatusCode.OK, await bob.StatusAsync($"files/{sent.Id}"));
        Assert.Equal(HttpStatusCode.NotFound, await eve.StatusAsync($"files/{sent.Id}"));
    }
}
