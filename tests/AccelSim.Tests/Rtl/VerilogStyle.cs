using System.Text.RegularExpressions;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Tests.Rtl;

/// <summary>
/// The rules of lowRISC's style guide that text alone can tell, as verible-verilog-lint would: no formatter for SystemVerilog is packaged
/// for Debian. Each breach is a line: file, line number, rule.
/// </summary>
internal static partial class VerilogStyle
{
    private const int LongestLine = 100;

    /// <summary>Breaches of a static cell or an emitted file, empty when there are none.</summary>
    /// <param name="source">The file.</param>
    /// <param name="emitted">Comments of emitted files carry names and numbers of any length.</param>
    public static IReadOnlyList<string> Breaches(SourceFile source, bool emitted = false)
    {
        List<string> breaches = [];
        string[] lines = source.Text.Split('\n');
        if (!lines[0].StartsWith("// ", StringComparison.Ordinal) || (!emitted && !lines[0].StartsWith($"// {source.Module}: ", StringComparison.Ordinal)))
            breaches.Add($"{source.Name}:1: the file does not begin with its contract");
        if (!source.Text.EndsWith('\n') || source.Text.EndsWith("\n\n", StringComparison.Ordinal))
            breaches.Add($"{source.Name}:{lines.Length}: the file does not end with one line end");
        string[] modules = [.. Module().Matches(source.Text).Select(match => match.Groups[1].Value)];
        if (modules.Length != 1 || modules[0] != source.Module)
            breaches.Add($"{source.Name}: holds {string.Join(", ", modules)} and not the one module of its name");
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i], code = WithoutComment(line);
            void Breach(string rule) => breaches.Add($"{source.Name}:{i + 1}: {rule}: {line.Trim()}");

            if (line.Contains('\t', StringComparison.Ordinal))
                Breach("a tab");
            if (line.Length > 0 && char.IsWhiteSpace(line[^1]))
                Breach("a trailing blank");
            if (line.Length > LongestLine && !(emitted && code.Trim().Length == 0))
                Breach($"longer than {LongestLine} columns");
            if (OddIndent().IsMatch(line) && !Continues(lines, i))
                Breach("an indent that is no multiple of two");
            if (PositionalInstance().IsMatch(code))
                Breach("a connection that is not named");
            if (Port().Match(code) is { Success: true } port && !PortName(port))
                Breach("a port whose name does not end in _i or _o as its direction says");
            if (UnlabelledGenerate().IsMatch(code) || (Genvar().IsMatch(code) && !GenerateLabel().IsMatch(code)))
                Breach("a generate block without a gen_ label");
            if (AlwaysBlock().IsMatch(code) && !emitted && !InSimulationOnly(lines, i))
                Breach("a plain always instead of always_ff or always_comb");
        }
        return breaches;
    }

    private static bool PortName(Match port)
    {
        string name = port.Groups["name"].Value;
        bool input = port.Groups["direction"].Value == "input";
        // AXI4-Stream and AXI4-Lite have names of their own.
        return name.Contains("_axi", StringComparison.Ordinal)
            || name.EndsWith(input ? "_i" : "_o", StringComparison.Ordinal)
            || (input && name.EndsWith("_ni", StringComparison.Ordinal));
    }

    // A line that continues the one before is aligned with what it continues.
    private static bool Continues(string[] lines, int index)
    {
        for (int i = index - 1; i >= 0; i--)
        {
            string code = WithoutComment(lines[i]).TrimEnd();
            if (code.Trim().Length > 0)
                return !StatementEnd().IsMatch(code);
        }
        return false;
    }

    private static bool InSimulationOnly(string[] lines, int index)
    {
        for (int i = index; i >= 0; i--)
        {
            if (lines[i].StartsWith("`endif", StringComparison.Ordinal))
                return false;
            if (lines[i].StartsWith("`ifndef SYNTHESIS", StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    private static string WithoutComment(string line)
    {
        int comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }

    [GeneratedRegex(@"^module\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^(  )* \S")]
    private static partial Regex OddIndent();

    // "cell u_name (a, b)" or "cell #(8) u_name": an instance is written over several lines, each with .port (net).
    [GeneratedRegex(@"\bu_\w+\s*\(\s*[^.\s)]|^\s*\w+\s+#\(\s*[^.\s]")]
    private static partial Regex PositionalInstance();

    [GeneratedRegex(@"^  (?<direction>input|output)\s+logic\s*(signed\s*)?(\[[^\]]*\]\s*)?(?<name>\w+),?\s*$")]
    private static partial Regex Port();

    [GeneratedRegex(@"^\s*(end else )?(if|else|for)\b.*\bbegin\s*:\s*(?!gen_)\w+")]
    private static partial Regex UnlabelledGenerate();

    [GeneratedRegex(@"\bfor \(genvar\b")]
    private static partial Regex Genvar();

    [GeneratedRegex(@"\bbegin : gen_\w+")]
    private static partial Regex GenerateLabel();

    [GeneratedRegex(@"^\s*always\s*@")]
    private static partial Regex AlwaysBlock();

    [GeneratedRegex(@"(;|\bbegin(\s*:\s*\w+)?|\bend(module|function|task|case)?|\(|`\w+.*)$")]
    private static partial Regex StatementEnd();
}
