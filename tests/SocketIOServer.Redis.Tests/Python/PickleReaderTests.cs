using System.Diagnostics;
using System.Text;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>What python-socketio 5.7.2 publishes, captured, and what is none of it.</summary>
public sealed class PickleReaderTests
{
    private const int MaxBytes = 10 << 20;

    /// <summary>A captured pickle, and the same in JSON as later versions of Python write it.</summary>
    public static TheoryData<string, string, string> Captured => new()
    {
        {
            "80049592000000000000007d94288c066d6574686f64948c04656d6974948c056576656e74948c026869948c0464617461947d948c0161948c02c3a994738c096e616d657370616365948c012f948c04726f6f6d944e8c08736b69705f736964944e8c0863616c6c6261636b944e8c07686f73745f6964948c20633631666631613433343637343234663937666133303038313838386134613894752e",
            """{"method":"emit","event":"hi","data":[{"a":"é"}],"namespace":"/","room":null,"skip_sid":null,"callback":null,"host_id":"c61ff1a43467424f97fa30081888a4a8"}""",
            ""
        },
        {
            "8004959d000000000000007d94288c066d6574686f64948c04656d6974948c056576656e74948c026869948c0464617461948c0178944b0286948c096e616d657370616365948c052f63686174948c04726f6f6d948c05726f6f6d31948c08736b69705f736964948c025331948c0863616c6c6261636b944e8c07686f73745f6964948c20633631666631613433343637343234663937666133303038313838386134613894752e",
            """{"method":"emit","event":"hi","data":["x",2],"namespace":"/chat","room":"room1","skip_sid":"S1","callback":null,"host_id":"c61ff1a43467424f97fa30081888a4a8"}""",
            ""
        },
        {
            "80049592000000000000007d94288c066d6574686f64948c04656d6974948c056576656e74948c026869948c0464617461944e8c096e616d657370616365948c012f948c04726f6f6d945d94288c0161948c016294658c08736b69705f736964944e8c0863616c6c6261636b944e8c07686f73745f6964948c20633631666631613433343637343234663937666133303038313838386134613894752e",
            """{"method":"emit","event":"hi","data":[],"namespace":"/","room":["a","b"],"skip_sid":null,"callback":null,"host_id":"c61ff1a43467424f97fa30081888a4a8"}""",
            ""
        },
        {
            "80049593000000000000007d94288c066d6574686f64948c04656d6974948c056576656e74948c0362696e948c0464617461947d948c0162944302010294738c096e616d657370616365948c012f948c04726f6f6d944e8c08736b69705f736964944e8c0863616c6c6261636b944e8c07686f73745f6964948c20633631666631613433343637343234663937666133303038313838386134613894752e",
            """{"method":"emit","event":"bin","data":[{"b":{"_placeholder":true,"num":0}}],"namespace":"/","room":null,"skip_sid":null,"callback":null,"host_id":"c61ff1a43467424f97fa30081888a4a8"}""",
            "0102"
        },
        { "8004953a000000000000007d94288c066d6574686f64948c0a636c6f73655f726f6f6d948c04726f6f6d948c05726f6f6d31948c096e616d657370616365948c012f94752e", """{"method":"close_room","room":"room1","namespace":"/"}""", "" },
        { "80049537000000000000007d94288c066d6574686f64948c0a646973636f6e6e656374948c03736964948c03534944948c096e616d657370616365948c012f94752e", """{"method":"disconnect","sid":"SID","namespace":"/"}""", "" },
        {
            "80049592000000000000007d94288c066d6574686f64948c0863616c6c6261636b948c07686f73745f6964948c206161616161616161616161616161616161616161616161616161616161616161948c03736964948c14742d61685f6c624d684464436978434c41414142948c096e616d657370616365948c012f948c026964944b078c0461726773948c03796573947d948c016e944b01738694752e",
            """{"method":"callback","host_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","sid":"t-ah_lbMhDdCixCLAAAB","namespace":"/","id":7,"args":["yes",{"n":1}]}""",
            ""
        },
    };

    [Theory]
    [MemberData(nameof(Captured))]
    public void A_captured_pickle_is_read(string hex, string json, string attachments)
    {
        Assert.True(TryConvert(Convert.FromHexString(hex), out var converted, out var binary));

        Assert.Equal(json, converted);
        Assert.Equal(attachments, binary);
    }

    // pickle.dumps({'method': 'x', 'v': …}, protocol=…) of Python 3.11.
    [Theory]
    [InlineData("4b07", "7")]
    [InlineData("4dffff", "65535")]
    [InlineData("4affffffff", "-1")]
    [InlineData("8a0800000000000000c0", "-4611686018427387904")]
    [InlineData("8a09000000000000000001", "18446744073709551616")]
    [InlineData("8a00", "0")]
    [InlineData("473ff8000000000000", "1.5")]
    [InlineData("477ff8000000000000", "null")]
    [InlineData("88", "true")]
    [InlineData("89", "false")]
    [InlineData("4e", "null")]
    [InlineData("5801000000c3", null)]
    [InlineData("5802000000c3a9", "\"é\"")]
    [InlineData("8d0200000000000000c3a9", "\"é\"")]
    [InlineData("5d", "[]")]
    [InlineData("29", "[]")]
    [InlineData("4b0185", "[1]")]
    [InlineData("4b014b024b0387", "[1,2,3]")]
    [InlineData("284b014b0274", "[1,2]")]
    [InlineData("284b014b026c", "[1,2]")]
    [InlineData("285801000000614b0164", """{"a":1}""")]
    [InlineData("5d4b0161", "[1]")]
    [InlineData("7d5801000000614b0173", """{"a":1}""")]
    [InlineData("7d4b054b0173", """{"5":1}""")]
    [InlineData("5d71005d7101286800680065", null)]
    public void A_value_of_every_kind_is_read(string hex, string? json)
    {
        byte[] pickle = [0x80, 2, (byte)'}', .. "X\u0001\0\0\0v"u8, .. Convert.FromHexString(hex), (byte)'s', (byte)'.'];

        Assert.Equal(json is not null, TryConvert(pickle, out var converted, out _));

        if (json is not null) Assert.Equal($$"""{"v":{{json}}}""", converted);
    }

    // What pickletools names GLOBAL, STACK_GLOBAL, REDUCE, BUILD, INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, EXT2, EXT4, PERSID and BINPERSID; then buffers and the
    // instructions of protocol 0.
    [Theory]
    [InlineData("636f730a73797374656d0a")]
    [InlineData("8c026f738c0673797374656d93")]
    [InlineData("4e2952")]
    [InlineData("4e7d62")]
    [InlineData("28696f730a73797374656d0a")]
    [InlineData("284e6f")]
    [InlineData("4e2981")]
    [InlineData("4e297d92")]
    [InlineData("8201")]
    [InlineData("830100")]
    [InlineData("8401000000")]
    [InlineData("50310a")]
    [InlineData("4e51")]
    [InlineData("97")]
    [InlineData("98")]
    [InlineData("49310a")]
    [InlineData("4c314c0a")]
    [InlineData("53276127 0a")]
    [InlineData("8f")]
    [InlineData("30")]
    [InlineData("4e32")]
    public void An_instruction_that_is_not_for_plain_data_is_refused(string hex) =>
        Assert.False(PickleReader.TryRead([0x80, 4, .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), (byte)'.'], out _));

    // cos\nsystem\n(S'id'\ntR. and the same by STACK_GLOBAL: what an attacker would send.
    [Theory]
    [InlineData("8004952100000000000000 8c05706f736978948c0673797374656d9493948c0269649485945294 2e")]
    [InlineData("8003 63706f7369780a73797374656d0a7100 580200000069647101 857102 527103 2e")]
    public void A_pickle_that_would_run_a_command_is_refused(string hex) =>
        Assert.False(PickleReader.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8001 4e 2e")]
    [InlineData("8006 4e 2e")]
    [InlineData("8004 2e")]
    [InlineData("8004 4e4e 2e")]
    [InlineData("8004 4e 2e 00")]
    [InlineData("8004 28 4e 2e")]
    [InlineData("8004 74 2e")]
    [InlineData("8004 65 2e")]
    [InlineData("8004 61 2e")]
    [InlineData("8004 4e 4e 61 2e")]
    [InlineData("8004 29 4e 61 2e")]
    [InlineData("8004 7d 28 4e 75 2e")]
    [InlineData("8004 68 00 2e")]
    [InlineData("8004 94 2e")]
    [InlineData("8004 4e 72 ffffff00 2e")]
    [InlineData("8004 4e 6a ffffffff 2e")]
    [InlineData("8004 58 ffffff7f 61 2e")]
    [InlineData("8004 58 ffffffff 61 2e")]
    [InlineData("8004 8d ffffffffffffffff 61 2e")]
    [InlineData("8004 96 ffffffffffffff7f 61 2e")]
    [InlineData("8004 95 ffffffffffffffff 4e 2e")]
    [InlineData("8004 95 0900000000000000 4e 2e")]
    public void What_is_cut_off_or_has_wrong_counts_is_refused(string hex) =>
        Assert.False(PickleReader.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));

    [Fact]
    public void What_is_too_deep_or_grows_when_it_is_written_is_refused_in_time()
    {
        byte[] head = [0x80, 4, (byte)'}', .. "X\u0001\0\0\0v"u8];
        byte[] tail = [(byte)'s', (byte)'.'];
        byte[][] all =
        [
            // 10,000 lists in each other; marks without end; more values than there may be.
            [.. head, .. Enumerable.Repeat((byte)']', 10_000), .. Enumerable.Repeat((byte)'a', 9_999), .. tail],
            [.. head, .. Enumerable.Repeat((byte)'(', 1_000_000), .. tail],
            [.. head, .. Enumerable.Repeat((byte)'N', 1_000_000), .. tail],
            // A list that contains itself.
            [.. head, .. Convert.FromHexString("5d9468006 1".Replace(" ", "", StringComparison.Ordinal)), .. tail],
            // 30 lists of which each contains the one before twice: 2^30 values.
            [.. head, .. Doubling(30), .. tail],
            // A text of 1 MiB, a hundred times; bytes the same.
            [.. head, .. Repeated((byte)'X'), .. tail],
            [.. head, .. Repeated((byte)'B'), .. tail],
        ];

        foreach (var pickle in all)
        {
            var begin = Stopwatch.GetTimestamp();
            Assert.False(TryConvert(pickle, out _, out _));
            Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(5), "it took too long");
        }

        static byte[] Doubling(int times)
        {
            List<byte> bytes = [(byte)']', 0x94];
            for (byte i = 0; i < times; i++) bytes.AddRange([(byte)'h', i, (byte)'h', i, 0x86, 0x94]);
            return [(byte)'(', .. bytes, (byte)'t'];
        }

        static byte[] Repeated(byte code) => [(byte)'(', code, 0, 0, 16, 0, .. new byte[1 << 20], 0x94, .. Enumerable.Repeat<byte[]>([(byte)'h', 0], 100).SelectMany(get => get), (byte)'t'];
    }

    [Fact]
    public void No_prefix_and_no_mutation_throws()
    {
        byte[][] all = [.. Captured.Select(row => Convert.FromHexString(row.Data.Item1))];
        foreach (var bytes in all)
        {
            for (var length = 0; length < bytes.Length; length++) Assert.False(PickleReader.TryRead(bytes.AsSpan(0, length), out _));
        }

        var random = new Random(18);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = (byte[])all[random.Next(all.Length)].Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (PickleJson.TryConvert(bytes, MaxBytes, out var json, out var attachments)) PythonMessageReader.TryRead(json.Span, attachments, out _);
        }
    }

    private static bool TryConvert(byte[] pickle, out string json, out string attachments)
    {
        var isRead = PickleJson.TryConvert(pickle, MaxBytes, out var utf8, out var binary);
        json = Encoding.UTF8.GetString(utf8.Span).Replace("\\u00E9", "é", StringComparison.Ordinal);
        attachments = string.Join(',', binary.Select(bytes => Convert.ToHexStringLower(bytes.Span)));
        return isRead;
    }
}
