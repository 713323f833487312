using System.Globalization;

namespace AccelSim.Rtl.Simulation;

/// <summary>Reads what the testbench printed: lines of key=value, and the verdict.</summary>
internal sealed class TestbenchOutput
{
    private readonly Dictionary<string, Dictionary<string, long>> _lines = [];

    /// <exception cref="ToolFailedException">There is no verdict: the simulation stopped before its end.</exception>
    public static TestbenchOutput Parse(ToolResult result)
    {
        var parsed = new TestbenchOutput();
        foreach (string line in result.Output.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line == "PASS" || line.StartsWith("FAIL ", StringComparison.Ordinal))
                parsed.Verdict = line;
            else
                parsed.Read(line);
        }
        if (parsed.Verdict.Length == 0)
        {
            string printed = (result.Output + result.Error).Trim();
            throw new ToolFailedException($"The simulation stopped without a verdict (exit code {result.ExitCode}): {printed}", printed);
        }
        return parsed;
    }

    public string Verdict { get; private set; } = "";

    public List<long> FrameEnds { get; } = [];

    public long FirstOutput => _lines["cycles"]["first_output"];

    public LayerCheck Layer(string line, string layer, int channels, int height, int width)
    {
        var values = _lines[line];
        long first = values["first"];
        Mismatch? mismatch = null;
        if (first >= 0)
        {
            long pixel = first / channels;
            mismatch = new Mismatch(
                (int)(pixel / width / height), (int)(first % channels), (int)(pixel / width % height), (int)(pixel % width),
                (int)values["expected"], (int)values["got"]);
        }
        return new LayerCheck(layer, values["elements"], values["mismatches"], mismatch);
    }

    private void Read(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return;
        var values = words.Where(word => word.Contains('=', StringComparison.Ordinal))
            .Select(word => word.Split('=', 2))
            .Where(pair => long.TryParse(pair[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
        if (words[0].StartsWith("frame=", StringComparison.Ordinal) && values.TryGetValue("end", out long end))
            FrameEnds.Add(end);
        else if (values.Count > 0)
            _lines[words[0]] = values;
    }
}
