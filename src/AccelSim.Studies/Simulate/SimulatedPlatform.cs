using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;
using AccelSim.Systolic.Fpga;

namespace AccelSim.Studies.Simulate;

/// <summary>A platform file as the machine that is simulated.</summary>
public static class SimulatedPlatform
{
    /// <summary>An ASIC's own machine, one core of an engine that is no array, or of an FPGA the array that is asked for, else the largest that fits.</summary>
    /// <param name="platform">The file.</param>
    /// <param name="asked">What shall be otherwise than in the file, or null for nothing.</param>
    /// <returns>The machine, and what a reader must know of it.</returns>
    /// <exception cref="GraphException">The platform is a GPU, or what is asked for is not legible.</exception>
    /// <exception cref="ArrayConfigurationException">The array cannot be, or does not fit.</exception>
    public static (Machine Machine, string Note) Of(Platform platform, ArrayChanges? asked = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArrayChanges changes = asked ?? new ArrayChanges();
        switch (platform)
        {
            case EnginePlatform engine:
                if (!changes.AreNone)
                    throw new GraphException($"{platform.Name} is no systolic array, so it has no dataflow, rows, arrays or sparsity to choose: leave --dataflow, --array, --arrays and --sparsity out, or choose another platform.");
                string cores = engine.Cores.Value > 1 ? FormattableString.Invariant($"one of its {engine.Cores.Value} cores, alone with the memory off the chip") : "";
                return (new EngineMachine(EngineModels.Core(engine), engine), cores);
            case FpgaPlatform fpga:
                return OfFpga(fpga, changes);
            case AsicPlatform asic:
                return OfAsic(asic, changes);
            default:
                throw new GraphException($"{platform.Name} is a {platform.Kind}, which has no array to simulate: choose an ASIC or an FPGA (accelsim hw lists them), or predict it with: accelsim compare NETWORK --on {platform.Name}");
        }
    }

    private static (Machine, string) OfAsic(AsicPlatform platform, ArrayChanges changes)
    {
        ArrayConfiguration array = PlatformModels.Array(platform);
        var notes = new List<string>();
        if (changes.ReadSides() is var (rows, columns))
        {
            notes.Add(FormattableString.Invariant($"an array of {rows}×{columns} as asked, where {platform.Name} has {array.Rows}×{array.Columns}; its memories are unchanged"));
            array = array with { Rows = rows, Columns = columns };
        }
        return (new ArrayMachine(changes.ApplyTo(array, notes), platform), string.Join("; ", notes));
    }

    private static (Machine, string) OfFpga(FpgaPlatform platform, ArrayChanges changes)
    {
        if (changes.Arrays is not null || changes.Sparsity is not null)
            throw new GraphException($"{platform.Name} is an FPGA, whose use by several arrays or by sparse weights is not modelled: leave --arrays and --sparsity out, or choose an ASIC.");
        FpgaBudget budget = PlatformModels.Budget(platform);
        var notes = new List<string>();
        FpgaArray fit = PlatformModels.LargestArray(platform);
        if (changes.ReadSides() is var (rows, columns))
        {
            string largest = $"the largest that fits is {fit.Array.Describe()}";
            try
            {
                fit = FpgaArray.Of(platform.Name, rows, columns, budget, platform.ClockHertz.Value, platform.Memory.BytesPerSecond.Value);
            }
            catch (ArrayConfigurationException error)
            {
                throw new ArrayConfigurationException($"{error.Message} {char.ToUpperInvariant(largest[0])}{largest[1..]}.");
            }
            notes.Add(FormattableString.Invariant($"an array of {rows}×{columns} as asked; {largest}"));
        }
        else
        {
            notes.Add($"the largest array that fits {platform.Name}, where {fit.LimitedBy} bind");
        }
        notes.Add(FormattableString.Invariant($"it uses {fit.Use.Describe(budget)}, and what is left of these as room for data; not placed and routed"));
        return (new ArrayMachine(changes.ApplyTo(fit.Array, notes), platform), string.Join("; ", notes));
    }
}
