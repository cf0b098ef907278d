using System.Net;
using Chat.Rooms;
using SocketIOServer.Testing;

namespace Chat.Tests;

public sealed class AccountTests
{
    [Fact]
    public async Task Who_registers_is_signed_in_and_signs_in_again_elsewhere()
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        using var here = await Browser.RegisterAsync(address, "李四", "correct horse");
        using var elsewhere = new Browser(address);

        Assert.Equal("李四", await here.WhoAsync());
        Assert.Null(await elsewhere.WhoAsync());
        Assert.Null(await elsewhere.PostAsync("sign-in", "李四", "correct horse"));
        Assert.Equal("李四", await elsewhere.WhoAsync());
        Assert.Empty(chat.Errors);
    }

    [Theory]
    [InlineData("A", "correct horse", "bad name")]
    [InlineData("with blank", "correct horse", "bad name")]
    [InlineData("<b>bold</b>", "correct horse", "bad name")]
    [InlineData("a-name-of-far-too-many-letters", "correct horse", "bad name")]
    [InlineData(null, "correct horse", "bad name")]
    [InlineData("Bob", "short", "bad password")]
    [InlineData("Bob", null, "bad password")]
    [InlineData("ADA", "correct horse", "name taken")]
    [InlineData("Ａｄａ", "correct horse", "name taken")]
    public async Task What_is_no_account_is_refused(string? name, string? password, string code)
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        await chat.AddUserAsync("Ada");
        using var browser = new Browser(address);

        Assert.Equal(code, await browser.PostAsync("register", name, password));
        Assert.Null(await browser.WhoAsync());
    }

    [Fact]
    public async Task A_wrong_password_and_a_name_that_is_not_there_look_the_same()
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        using var ada = await Browser.RegisterAsync(address, "Ada");
        using var browser = new Browser(address);

        Assert.Equal("wrong name or password", await browser.PostAsync("sign-in", "Ada", "wrong horse"));
        Assert.Equal("wrong name or password", await browser.PostAsync("sign-in", "Nobody", "wrong horse"));
        Assert.Null(await browser.WhoAsync());
    }

    [Fact]
    public async Task Passwords_of_one_name_are_not_tried_for_ever()
    {
        await using var chat = ChatProgram.Start("--Chat:AttemptsPerMinute=3");
        var address = await chat.ListenAsync();
        using var ada = await Browser.RegisterAsync(address, "Ada");
        using var browser = new Browser(address);
        for (var i = 0; i < 3; i++) await browser.PostAsync("sign-in", "Ada", $"guess number {i}");

        Assert.Equal("too many attempts", await browser.PostAsync("sign-in", "ADA", "correct horse"));
    }

    // The addresses come as a proxy tells them, which is also what the README advises.
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.8", "::ffff:203.0.113.7")]
    [InlineData("2001:db8:1:2::7", "2001:db8:1:3::7", "2001:db8:1:2:ffff::8")]
    public async Task Who_guesses_a_password_does_not_keep_its_owner_out_who_is_elsewhere(string guesser, string owner, string sameAsGuesser)
    {
        await using var chat = ChatProgram.Start("--Chat:AttemptsPerMinute=3", "--ForwardedHeaders_Enabled=true");
        var address = await chat.ListenAsync();
        using var ada = await Browser.RegisterAsync(address, "Ada");
        using var there = new Browser(address, guesser);
        for (var i = 0; i < 3; i++) await there.PostAsync("sign-in", "Ada", $"guess number {i}");
        using var alsoThere = new Browser(address, sameAsGuesser);
        using var elsewhere = new Browser(address, owner);

        Assert.Equal("too many attempts", await alsoThere.PostAsync("sign-in", "Ada", "correct horse"));
        Assert.Null(await elsewhere.PostAsync("sign-in", "Ada", "correct horse"));
        Assert.Equal("wrong name or password", await there.PostAsync("sign-in", "Bob", "another name"));
        chat.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await there.PostAsync("sign-in", "Ada", "correct horse"));
    }

    [Fact]
    public async Task Accounts_are_not_made_by_the_thousand()
    {
        await using var chat = ChatProgram.Start("--Chat:RegistrationsPerMinute=2");
        var address = await chat.ListenAsync();
        using var first = await Browser.RegisterAsync(address, "user1");
        using var second = await Browser.RegisterAsync(address, "user2");
        using var third = new Browser(address);

        Assert.Equal("too many attempts", await third.PostAsync("register", "user3", "correct horse"));
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        using var ada = await Browser.RegisterAsync(address, "Ada");
        using var other = new Browser(address);
        var foreign = await other.TokenAsync();

        foreach (var token in (string[])["none", foreign])
        {
            Assert.Equal("bad token", await ada.PostAsync("sign-out", token: token));
            Assert.Equal("bad token", await ada.PostAsync("register", "Eve", "correct horse", token));
            Assert.Equal("bad token", await ada.PostAsync("sign-in", "Ada", "correct horse", token));
        }

        Assert.Equal("Ada", await ada.WhoAsync());
    }

    [Fact]
    public async Task Signing_out_ends_the_users_sockets_and_cookies_on_all_devices_and_nobody_elses()
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        using var phone = await Browser.RegisterAsync(address, "Ada");
        using var desk = new Browser(address);
        await desk.PostAsync("sign-in", "Ada", "correct horse");
        var user = await chat.FindAsync("Ada");
        var sockets = await Task.WhenAll(ChatApp.MemberNamespaces.Select(path => chat.ConnectAsync(path, user)));
        await using var bob = await chat.JoinAsync("/rooms", "Bob");

        Assert.Null(await desk.PostAsync("sign-out"));

        foreach (var socket in sockets) Assert.Equal("server namespace disconnect", (await socket.DisconnectedAsync()).Text);
        Assert.Equal((null, null), (await desk.WhoAsync(), await phone.WhoAsync()));
        await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => chat.ConnectAsync("/rooms", user));
        Assert.Empty(await bob.CallAsync<Room[]>("rooms"));
        Assert.Null(await phone.PostAsync("sign-in", "Ada", "correct horse"));
        Assert.Equal("Ada", await phone.WhoAsync());
    }

    [Fact]
    public async Task Passwords_are_in_no_log_line_at_any_level()
    {
        await using var chat = ChatProgram.Start();
        var address = await chat.ListenAsync();
        using var browser = await Browser.RegisterAsync(address, "Ada", "a-secret-to-keep");
        await browser.PostAsync("sign-in", "Ada", "a-secret-that-is-wrong");
        await browser.PostAsync("register", "Ada", "a-secret-for-a-taken-name");
        await browser.PostAsync("sign-in", "Ada", "a-secret-without-token", token: "none");

        var hash = (await chat.Store.Accounts.FindAsync("Ada"))!.PasswordHash;
        Assert.NotEmpty(chat.Log.Lines);
        Assert.DoesNotContain(chat.Log.Lines, line => Told(line, "a-secret") || Told(line, hash));

        static bool Told(LogCollector.LogLine line, string secret) => $"{line.Text} {line.Exception}".Contains(secret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_is_for_the_chat_alone_and_not_for_scripts()
    {
        await using var chat = ChatProgram.Start();
        using var browser = await Browser.RegisterAsync(await chat.ListenAsync(), "Ada");

        var cookie = Assert.Single(browser.Cookies.GetAllCookies(), cookie => cookie.Name == "chat-user");

        Assert.Equal(("/chat", true), (cookie.Path, cookie.HttpOnly));
    }

    [Fact]
    public async Task The_page_forbids_scripts_of_others()
    {
        await using var chat = ChatProgram.Start();
        using var browser = new Browser(await chat.ListenAsync());

        using var page = await browser.GetAsync("");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.StartsWith("default-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}
