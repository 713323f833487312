using System.Globalization;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Engines;

/// <summary>
/// Processing elements that each keep rows of filters, slide a row of inputs past them and add to rows of outputs; columns of elements add up the rows
/// of a kernel (Chen, Emer, Sze, ISCA 2016; Chen, Krishna, Emer, Sze, "Eyeriss", JSSC 2017). One buffer holds inputs and partial sums.
/// </summary>
/// <param name="Name">For tables and messages.</param>
/// <param name="Rows">Rows of elements.</param>
/// <param name="Columns">Columns of elements.</param>
/// <param name="FilterWords">Weights that an element keeps.</param>
/// <param name="InputWords">Inputs that an element keeps.</param>
/// <param name="SumWords">Partial sums that an element keeps.</param>
/// <param name="SumsPerCycle">Partial sums that pass from the buffer to the elements, and as many back, in a cycle.</param>
/// <param name="CyclesASum">Cycles in which an element takes a sum in and hands it on.</param>
/// <param name="SumBusEfficiency">Share of <paramref name="SumsPerCycle"/> that a long run reaches.</param>
/// <param name="ClockHz">Clock.</param>
/// <param name="Memory">What lies behind it.</param>
public sealed record RowStationaryEngine(
    string Name,
    int Rows,
    int Columns,
    int FilterWords,
    int InputWords,
    int SumWords,
    int SumsPerCycle,
    double CyclesASum,
    double SumBusEfficiency,
    double ClockHz,
    EngineMemory Memory) : ComputeEngine(Name, ClockHz, Memory, 0)
{
    /// <inheritdoc/>
    public override long MacsPerCycle => (long)Rows * Columns;

    /// <inheritdoc/>
    public override int Lanes => Columns;

    /// <inheritdoc/>
    public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Rows}×{Columns} row-stationary");

    /// <inheritdoc/>
    public override LayerMapping Map(LayerGeometry geometry) => RowStationaryMapping.Choose(this, geometry);

    /// <summary>
    /// Elements and the bus of partial sums work side by side, so that the slower tells; the weights of the next pass load behind, and inputs and outputs
    /// do not: the chip moves them while its elements wait.
    /// </summary>
    internal override ProductTime Time(LayerGeometry geometry, ProductOperands operands)
    {
        RowStationaryMapping mapping = RowStationaryMapping.Choose(this, geometry);
        double inputs = operands.InputsOffChip ? mapping.InputWordsOffChip * Memory.ElementBytes * operands.InputShare : 0;
        double weights = mapping.WeightWordsOffChip * (double)Memory.ElementBytes;
        double outputs = operands.OutputsOffChip ? operands.OutputBytes * operands.OutputShare : 0;
        return new ProductTime(
            mapping, mapping.Cycles.Total, inputs + weights, outputs, inputs + outputs,
            Memory.ElementBytes * ((double)mapping.Edge.Inputs + mapping.Edge.SumsRead + mapping.WeightWordsOffChip),
            Memory.ElementBytes * ((double)mapping.Edge.SumsWritten + mapping.WeightWordsOffChip));
    }
}
