using System.Text.RegularExpressions;

namespace AccelSim.Gpu;

/// <summary>What can be read off the PTX of one kernel.</summary>
/// <param name="Registers">
/// The most 32-bit registers that are alive at one instruction, by a liveness analysis of the text. An estimate: ptxas allocates anew, and may unroll, reorder and
/// compute addresses otherwise. Predicates have registers of their own.
/// </param>
/// <param name="SharedBytes">Static shared memory of a group.</param>
/// <param name="LocalBytes">Memory of a thread that is global memory with another name: 0, or something could not stay in registers.</param>
/// <param name="VectorLoads">Loads of four elements from global and shared memory.</param>
/// <param name="VectorStores">Stores of four.</param>
/// <param name="DotProducts">dp4a instructions.</param>
/// <param name="Barriers">Barriers of a group.</param>
public sealed partial record PtxListing(int Registers, int SharedBytes, int LocalBytes, int VectorLoads, int VectorStores, int DotProducts, int Barriers)
{
    public static PtxListing Of(string assembly)
    {
        // Other functions than the entry are intrinsics that nobody calls.
        string entry = assembly[assembly.IndexOf(".entry", StringComparison.Ordinal)..];
        var instructions = Instructions(entry[entry.IndexOf('{', StringComparison.Ordinal)..]);
        return new PtxListing(
            Pressure(instructions), Bytes(entry, ".shared"), Bytes(entry, ".local"),
            instructions.Count(instruction => instruction.Opcode is var code && code.StartsWith("ld.", StringComparison.Ordinal) && code.Contains(".v4", StringComparison.Ordinal)),
            instructions.Count(instruction => instruction.Opcode is var code && code.StartsWith("st.", StringComparison.Ordinal) && code.Contains(".v4", StringComparison.Ordinal)),
            instructions.Count(instruction => instruction.Opcode.StartsWith("dp4a", StringComparison.Ordinal)),
            instructions.Count(instruction => instruction.Opcode.StartsWith("bar.sync", StringComparison.Ordinal)));
    }

    private static int Bytes(string text, string space) => Allocation().Matches(text).Where(match => match.Groups["space"].Value == space)
        .Sum(match => int.Parse(match.Groups["bytes"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));

    private static List<Instruction> Instructions(string body)
    {
        var instructions = new List<Instruction>();
        string? label = null;
        foreach (string line in body.Split('\n').Select(line => line.Trim()))
        {
            if (line.EndsWith(':'))
            {
                // Two labels at one place: the first gets an instruction that does nothing.
                if (label is not null)
                    instructions.Add(new Instruction(label, "", null, [], []));
                label = line[..^1];
            }
            else if (line.EndsWith(';') && !line.StartsWith('.'))
            {
                instructions.Add(Parse(label, line[..^1]));
                label = null;
            }
        }
        return instructions;
    }

    private static Instruction Parse(string? label, string text)
    {
        var match = Statement().Match(text);
        var (guard, opcode, operands) = (match.Groups["guard"].Value, match.Groups["opcode"].Value, match.Groups["operands"].Value);
        bool writes = !opcode.StartsWith("st.", StringComparison.Ordinal) && !opcode.StartsWith("bra", StringComparison.Ordinal) && !opcode.StartsWith("bar", StringComparison.Ordinal);
        // What is written stands first, in braces if it is a vector.
        int end = operands.StartsWith('{') ? operands.IndexOf('}', StringComparison.Ordinal) + 1 : operands.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma ? comma : operands.Length;
        string[] written = writes ? Names(operands[..end]) : [];
        string[] read = [.. Names(writes ? operands[end..] : operands), .. Names(guard)];
        string? target = opcode.StartsWith("bra", StringComparison.Ordinal) ? operands.Trim() : null;
        // What is written under a condition may also be what it was.
        return new Instruction(label, opcode, target, guard.Length > 0 ? [] : written, guard.Length > 0 ? [.. read, .. written] : read) { IsConditional = guard.Length > 0 };

        static string[] Names(string text) => [.. Register().Matches(text).Select(found => found.Value)];
    }

    /// <summary>The largest sum of what is alive before an instruction, by iteration from the end to a fixed point.</summary>
    private static int Pressure(List<Instruction> instructions)
    {
        var places = instructions.Select((instruction, place) => (instruction.Label, place)).Where(pair => pair.Label is not null).ToDictionary(pair => pair.Label!, pair => pair.place);
        var alive = new HashSet<string>[instructions.Count + 1];
        for (int i = 0; i < alive.Length; i++)
            alive[i] = [];
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = instructions.Count - 1; i >= 0; i--)
            {
                var instruction = instructions[i];
                var set = new HashSet<string>();
                if (!instruction.Ends)
                    set.UnionWith(alive[i + 1]);
                if (instruction.Target is { } target && places.TryGetValue(target, out int place))
                    set.UnionWith(alive[place]);
                set.ExceptWith(instruction.Written);
                set.UnionWith(instruction.Read);
                if (set.Count == alive[i].Count)
                    continue;
                alive[i] = set;
                changed = true;
            }
        }
        return alive.Max(set => set.Sum(Width));
    }

    /// <summary>32-bit registers of a PTX register.</summary>
    private static int Width(string register) => register[1..] switch
    {
        ['p', ..] => 0,
        ['r', 'd', ..] or ['f', 'd', ..] => 2,
        _ => 1,
    };

    [GeneratedRegex(@"(?<space>\.shared|\.local) \.align \d+ \.b8 \w+\[(?<bytes>\d+)\]")]
    private static partial Regex Allocation();

    [GeneratedRegex(@"^(?:@!?(?<guard>%p\d+)\s+)?(?<opcode>[\w.]+)\s*(?<operands>.*)$")]
    private static partial Regex Statement();

    // Special registers such as %tid.x have no number.
    [GeneratedRegex(@"%(?:rd|rs|r|fd|f|p|h)\d+\b")]
    private static partial Regex Register();

    private sealed record Instruction(string? Label, string Opcode, string? Target, string[] Written, string[] Read)
    {
        public bool IsConditional { get; init; }

        /// <summary>Whether the next one is not reached from here.</summary>
        public bool Ends => !IsConditional && (Target is not null || Opcode is "ret" or "exit");
    }
}
