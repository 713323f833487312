using System.Globalization;
using System.Text.RegularExpressions;
using AccelSim.Rtl.Rendering;
using AccelSim.Rtl.Simulation;

namespace AccelSim.Tests.Rtl;

/// <summary>What a model checker found; the exit codes of abc do not tell, its text does.</summary>
/// <param name="Proved">Holds for ever.</param>
/// <param name="RefutedAt">The cycle of a counterexample, or null.</param>
/// <param name="Text">What was printed.</param>
internal sealed partial record Verdict(bool Proved, int? RefutedAt, string Text)
{
    public static Verdict Of(string text)
    {
        bool proved = text.Contains("Property proved.", StringComparison.Ordinal);
        var refuted = Frame().Match(text);
        // Neither must be an engine that did not come to an end within its frames, and not one that failed.
        Assert.True(proved || refuted.Success || text.Contains("No output asserted in", StringComparison.Ordinal), text);
        return new Verdict(proved, refuted.Success ? int.Parse(refuted.Groups[1].Value, CultureInfo.InvariantCulture) : null, text);
    }

    [GeneratedRegex(@"was asserted in frame (\d+)")]
    private static partial Regex Frame();
}

/// <summary>A small textual change of a cell, which must be noticed.</summary>
internal sealed record Mutant(string File, string Right, string Wrong);

/// <summary>Yosys to AIGER, abc for the proof. The properties are the harness's, and the checks that the cells make in simulation.</summary>
internal sealed partial class ModelChecker(string folder)
{
    private static readonly ExternalTool Abc = new("berkeley-abc", "berkeley-abc");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Unbounded proof by IC3; simplified first, so that registers that are always equal become one.</summary>
    public const string Prove = "dc2; scorr; pdr";

    /// <summary>Search for a counterexample in so many cycles.</summary>
    public static string Search(int cycles) => string.Create(CultureInfo.InvariantCulture, $"scorr; bmc3 -F {cycles}");

    public static void RequireTools() => RequiredTools.Require(ExternalTool.Yosys, Abc);

    /// <param name="harness">A module of templates/verilog/formal, by name.</param>
    /// <param name="parameters">Its parameters, "Depth=3 Width=2".</param>
    /// <param name="engine"><see cref="Prove"/> or <see cref="Search"/>.</param>
    /// <param name="define">A macro, or empty; COVER asks for a trace to where the properties have been used, as a refutation.</param>
    /// <param name="mutant">What to break, or null.</param>
    /// <param name="more">Sources beside the cells, such as a generated top.</param>
    /// <param name="workFolder">Where memory images are; the folder by default.</param>
    public async Task<Verdict> CheckAsync(
        string harness, string parameters, string engine, string define = "", Mutant? mutant = null, IReadOnlyList<SourceFile>? more = null,
        string? workFolder = null, CancellationToken cancellation = default)
    {
        string work = workFolder ?? folder;
        var names = new List<string> { $"{harness}.sv" };
        File.Copy(Path.Combine(SharedData.RepositoryRoot, "templates", "verilog", "formal", $"{harness}.sv"), Path.Combine(work, $"{harness}.sv"), overwrite: true);
        bool found = mutant is null;
        foreach (var source in HardwareSources.Cells().Concat(more ?? []))
        {
            string text = source.Text;
            if (source.Name == mutant?.File)
            {
                found = text.Contains(mutant.Right, StringComparison.Ordinal);
                text = text.Replace(mutant.Right, mutant.Wrong, StringComparison.Ordinal);
            }
            await File.WriteAllTextAsync(Path.Combine(work, source.Name), Assertions(text), cancellation);
            names.Add(source.Name);
        }
        Assert.True(found, $"{mutant?.File} has no '{mutant?.Right}' to break");
        string settings = string.Concat(parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(parameter => $" -chparam {parameter.Replace('=', ' ')}"));
        string script = $"read_verilog -formal -sv -defer {(define.Length == 0 ? "" : $"-D{define} ")}{string.Join(' ', names)}; hierarchy -top {harness}{settings}; "
            + $"prep -top {harness} -flatten -nordff; chformal -cover -remove; memory_nordff; memory_map; async2sync; dffunmap; "
            + "setundef -anyseq -undriven; opt -full; techmap; opt -fast; dffunmap; abc -g AND -fast; opt_clean; write_aiger -zinit -I -B q.aig";
        await ExternalTool.Yosys.RequireSuccessAsync(["-q", "-p", script], work, Patience, cancellation: cancellation);
        return Verdict.Of((await Abc.RunAsync(["-c", $"read_aiger q.aig; fold; strash; {engine}"], work, Patience, cancellation: cancellation)).Output);
    }

    // A check that stops a simulation is a property: reaching it must be impossible.
    private static string Assertions(string text) =>
        SimulationOnly().Replace(text, block => Fatal().Replace(block.Value, "assert (1'b0);"));

    [GeneratedRegex(@"`ifndef SYNTHESIS.*?`(else|endif)", RegexOptions.Singleline)]
    private static partial Regex SimulationOnly();

    [GeneratedRegex("""\$fatal\(1,\s*"[^"]*"[^;]*;""")]
    private static partial Regex Fatal();
}
