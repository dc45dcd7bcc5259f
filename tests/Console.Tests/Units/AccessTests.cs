using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Secrets;
using Reconciler.WebConsole;
using Reconciler.WebConsole.Access;

namespace ConsoleTests.Units;

public sealed class AccessTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_session_is_read_back_until_it_ends()
    {
        var codec = Codec();
        var (session, cookie) = codec.Open("Nora\nof\tOps");

        Assert.Equal(session with { Expires = default }, codec.Read(cookie)! with { Expires = default });
        _time.Advance(SessionCodec.Lifetime - TimeSpan.FromSeconds(1));
        Assert.NotNull(codec.Read(cookie));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(codec.Read(cookie));
    }

    [Fact]
    public void A_cookie_changed_in_any_one_place_opens_nothing()
    {
        var codec = Codec();
        var cookie = codec.Open("Nora").Cookie;
        for (var i = 0; i < cookie.Length; i++)
        {
            // The last character of each half carries bits that its bytes do not have: decoding it may give the same bytes.
            if (i == cookie.Length - 1 || cookie[i + 1] == '.')
            {
                continue;
            }

            var changed = cookie[..i] + (cookie[i] == 'A' ? 'B' : 'A') + cookie[(i + 1)..];
            Assert.Null(codec.Read(changed));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.b.c")]
    [InlineData("%%%.%%%")]
    public void What_is_no_cookie_of_ours_opens_nothing(string? cookie) => Assert.Null(Codec().Read(cookie));

    [Fact]
    public void Another_token_ends_every_session_and_a_restart_none()
    {
        var cookie = Codec().Open("Nora").Cookie;

        Assert.NotNull(Codec().Read(cookie));
        Assert.Null(new SessionCodec(new SecretText("another-token-of-good-length"), _time).Read(cookie));
    }

    [Fact]
    public void A_form_token_belongs_to_one_session()
    {
        var codec = Codec();
        var (one, other) = (codec.Open("Nora").Session, codec.Open("Nora").Session);

        Assert.True(codec.IsFormToken(one, codec.FormToken(one)));
        Assert.False(codec.IsFormToken(other, codec.FormToken(one)));
        Assert.False(codec.IsFormToken(one, null));
        Assert.False(codec.IsFormToken(one, ""));
    }

    [Fact]
    public void Only_the_whole_token_is_the_token()
    {
        Assert.True(Codec().IsToken(Support.Visitor.Token));
        Assert.False(Codec().IsToken(Support.Visitor.Token[..^1]));
        Assert.False(Codec().IsToken(Support.Visitor.Token + "x"));
        Assert.False(Codec().IsToken(""));
    }

    [Fact]
    public void Wrong_tokens_close_the_door_for_one_address_then_for_all_and_only_for_a_while()
    {
        var limiter = new SignInLimiter(_time);
        for (var i = 0; i < SignInLimiter.PerAddress; i++)
        {
            Assert.Equal(TimeSpan.Zero, limiter.Wait("a"));
            limiter.Wrong("a");
        }

        Assert.InRange(limiter.Wait("a"), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, limiter.Wait("b"));
        for (var i = SignInLimiter.PerAddress; i < SignInLimiter.Altogether; i++)
        {
            limiter.Wrong("address-" + i);
        }

        Assert.NotEqual(TimeSpan.Zero, limiter.Wait("b"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, limiter.Wait("a"));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("fdaa:0:18:a7b::3", true)]
    [InlineData("fe80::1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("::ffff:203.0.113.7", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("2a09:8280:1::1", false)]
    [InlineData("0a00::1", false)]
    public void Which_addresses_are_private(string address, bool isPrivate) => Assert.Equal(isPrivate, RequestOrigin.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://daemon.internal:9091", true)]
    [InlineData("http://DAEMON.internal:9091", true)]
    [InlineData("http://daemon.internal", false)]
    [InlineData("http://daemon.internal:9092", false)]
    [InlineData("http://elsewhere.example:9091", false)]
    [InlineData("null", false)]
    [InlineData(null, false)]
    public void Which_pages_are_our_own(string? origin, bool own)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("daemon.internal", 9091);
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        Assert.Equal(own, RequestOrigin.IsOwnPage(context.Request));
    }

    [Theory]
    [InlineData("/users/1", "/users/1")]
    [InlineData("//elsewhere.example", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData("https://elsewhere.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void After_the_sign_in_nobody_is_sent_elsewhere(string? path, string sent) => Assert.Equal(sent, ConsoleResponse.OwnPath(path));

    private SessionCodec Codec() => new(new SecretText(Support.Visitor.Token), _time);
}
