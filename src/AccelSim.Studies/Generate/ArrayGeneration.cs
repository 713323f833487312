using System.Globalization;
using AccelSim.Graph;
using AccelSim.Rtl;
using AccelSim.Rtl.Arrays;
using AccelSim.Systolic;
using AccelSim.Systolic.Folding;

namespace AccelSim.Studies.Generate;

/// <summary>Writes a systolic array as hardware, with the cycles that the simulator gives it.</summary>
public static class ArrayGeneration
{
    /// <summary>Cycles of a product on an array: the simulator's closed form.</summary>
    public static ArrayCycles CyclesOf(ArrayDesign design, ArrayProduct product) =>
        ArrayCycles.Of(GridOf(design, product), ScheduleOf(design), design.ProductRegisters);

    /// <summary>How the simulator cuts a product for an array.</summary>
    public static FoldGrid GridOf(ArrayDesign design, ArrayProduct product) => new(
        new MatrixWork(1, product.Pixels, product.Depth, product.Filters),
        groupsInPack: 1,
        design.Rows,
        design.Columns,
        design.Stationary == StationaryOperand.Weights ? Dataflow.WeightStationary : Dataflow.OutputStationary,
        design.SumDepth);

    public static FoldSchedule ScheduleOf(ArrayDesign design) => design.Pipelined ? FoldSchedule.Pipelined : FoldSchedule.Serial;

    /// <param name="design">The array.</param>
    /// <param name="product">Its sizes, pixels,depth,filters.</param>
    /// <param name="seed">Of the operands.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>The cycles that the simulation of the folder counts.</returns>
    /// <exception cref="GraphException">The product is not three positive numbers.</exception>
    /// <exception cref="RtlException">A size is out of range, or the folder is somebody else's.</exception>
    public static ArrayCycles Write(ArrayDesign design, string product, int seed, string folder)
    {
        int[] sizes = Numbers(product, ',', 3) ?? throw new GraphException($"The product '{product}' must be three positive numbers: pixels,depth,filters.");
        design.Check();
        var operands = ArrayProduct.Random(sizes[0], sizes[1], sizes[2], new Random(seed));
        ArrayDesign.Check(operands);
        var cycles = CyclesOf(design, operands);
        ArrayFolder.Write(design, [new ArrayJob(operands, cycles.Total)], folder);
        return cycles;
    }

    /// <summary>An array by its size and dataflow.</summary>
    /// <param name="size">Rows and columns, such as 16x16.</param>
    /// <param name="dataflow">ws or os.</param>
    /// <exception cref="GraphException">The size is not two positive numbers, or there is no such dataflow.</exception>
    public static ArrayDesign Parse(string size, string dataflow)
    {
        int[] sizes = Numbers(size, 'x', 2) ?? throw new GraphException($"The array '{size}' must be rows and columns, such as 16x16.");
        return new ArrayDesign(
            dataflow switch
            {
                "ws" => StationaryOperand.Weights,
                "os" => StationaryOperand.Outputs,
                _ => throw new GraphException($"The dataflow '{dataflow}' has no hardware: ask for ws (weight-stationary) or os (output-stationary)."),
            },
            sizes[0],
            sizes[1]);
    }

    private static int[]? Numbers(string text, char separator, int count)
    {
        int[] numbers = [.. text.Split(separator).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers.Length == count && numbers.All(number => number > 0) ? numbers : null;
    }
}
