using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Hls;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>Pipelines as HLS C++ against plain loops: the folder that an engineer takes away, compiled without a warning and run.</summary>
public sealed partial class HlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Every kind of stage, random foldings: every byte, and of every loop the turns that the cycle model says.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Random_networks_are_exact_in_bytes_and_turns(int seed, string kind, string compiler, string standard)
    {
        RequiredTools.Require(ExternalTool.Make, compiler == "g++" ? ExternalTool.CppCompiler : ExternalTool.Clang);
        var network = RandomNetwork.Make(seed, kind);
        var netlist = new PipelineNetlist(network.Stages, network.RandomFoldings());
        string place = $"{kind}, seed {seed}, {string.Join(" ", netlist.Stages.Select(stage => stage.Folding))}";
        var vectors = network.Vectors();
        HlsFolder.Write(netlist, vectors, Target, _folder["hls"], Cancellation);
        string printed = await Make("sim", "turns", $"CXX={compiler}", $"STD={standard}");
        Assert.Equal(2, printed.Split('\n').Count(line => line == "PASS"));
        // The frame with a wrong TLAST is compared as well.
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"layer=out elements={vectors.Result.Shape.Elements / vectors.Frames * (vectors.Frames + 1)} mismatches=0 "), printed);
        var counted = Turns().Matches(printed).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value} {match.Groups[3].Value}").Order(StringComparer.Ordinal);
        var predicted = netlist.Parts.OfType<StagePart>()
            .SelectMany(stage => StageTurns.Of(stage, netlist).Select(unit => string.Create(CultureInfo.InvariantCulture, $"{stage.Number} {unit.Name} {unit.Turns}"))).Order(StringComparer.Ordinal);
        Assert.True(predicted.SequenceEqual(counted), $"{place}: predicted {string.Join(", ", predicted)}; counted {string.Join(", ", counted)}");
    }

    public static TheoryData<int, string, string, string> Networks => new()
    {
        { 1, "classifier", "g++", "c++14" },
        { 2, "LeNet", "clang++", "c++17" },
        { 3, "inverted residual", "g++", "c++17" },
        { 5, "max pool", "clang++", "c++14" },
        { 8, "pools", "g++", "c++14" },
        { 9, "input forks", "clang++", "c++17" },
        { 10, "one pixel", "g++", "c++17" },
    };

    private static HlsTarget Target => new("xczu9eg-ffvb1156-2-e", 200e6);

    private async Task<string> Make(params string[] arguments) =>
        (await ExternalTool.Make.RequireSuccessAsync(arguments, _folder["hls"], Patience, cancellation: Cancellation)).Output;

    [GeneratedRegex(@"^stage=(\d+) unit=(\w+) turns=(\d+)$", RegexOptions.Multiline)]
    private static partial Regex Turns();
}
