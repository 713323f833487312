using System.Globalization;
using AccelSim.Graph;
using AccelSim.Platforms;
using AccelSim.Studies.Compare;
using AccelSim.Systolic;

namespace AccelSim.Studies.Simulate;

/// <summary>A platform file as the machine that is simulated.</summary>
public static class SimulatedPlatform
{
    /// <summary>An ASIC's own machine, one core of an engine that is no array, or of an FPGA the largest array that fits.</summary>
    /// <param name="platform">The file.</param>
    /// <param name="dataflow">Instead of the platform's, or null.</param>
    /// <param name="array">Rows and columns instead of the platform's, such as <c>32x64</c>, or null.</param>
    /// <returns>The machine, and what a reader must know of it.</returns>
    /// <exception cref="GraphException">The platform is a GPU, or the array is not rows and columns.</exception>
    /// <exception cref="ArrayConfigurationException">The array cannot be.</exception>
    public static (Machine Machine, string Note) Of(Platform platform, Dataflow? dataflow = null, string? array = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        if (platform is GpuPlatform)
            throw new GraphException($"{platform.Name} is a gpu, which has no array to simulate: choose an ASIC or an FPGA (accelsim hw lists them), or predict it with: accelsim compare NETWORK --on {platform.Name}");
        if (platform is EnginePlatform engine)
        {
            if (dataflow is not null || array is not null)
                throw new GraphException($"{platform.Name} is no systolic array, which has no dataflow or rows to choose: leave --dataflow and --array out, or choose another platform.");
            string cores = engine.Cores.Value > 1 ? FormattableString.Invariant($"one of its {engine.Cores.Value} cores, alone with the memory off the chip") : "";
            return (new EngineMachine(EngineModels.Core(engine)), cores);
        }
        ArrayConfiguration configuration = PlatformModels.ArrayOf(platform);
        var notes = new List<string>();
        if (platform is FpgaPlatform fpga)
            notes.Add($"the largest array that fits {platform.Name}, where {PlatformModels.LargestArray(fpga).LimitedBy} bind; it has not been placed and routed");
        if (dataflow is { } flow && flow != configuration.Dataflow)
        {
            notes.Add($"{flow.Words()} as asked, where {platform.Name} is {configuration.Dataflow.Words()}");
            configuration = configuration with { Dataflow = flow };
        }
        if (array is not null)
        {
            (int rows, int columns) = SidesOf(array);
            notes.Add(FormattableString.Invariant($"an array of {rows}×{columns} as asked, where {platform.Name} has {configuration.Rows}×{configuration.Columns}; its memories are unchanged"));
            configuration = configuration with { Rows = rows, Columns = columns };
        }
        configuration.Validate();
        return (new ArrayMachine(configuration, platform), string.Join("; ", notes));
    }

    private static (int Rows, int Columns) SidesOf(string array)
    {
        string[] sides = array.Split('x', 'X', '×');
        return sides.Length == 2 && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int columns)
            ? (rows, columns)
            : throw new GraphException($"The array '{array}' must be rows and columns, such as 32x64.");
    }
}
