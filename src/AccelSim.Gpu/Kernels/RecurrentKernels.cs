using System.Diagnostics.CodeAnalysis;
using AccelSim.Graph;
using ILGPU;

namespace AccelSim.Gpu;

/// <summary>
/// One step of <see cref="Recurrent"/> from the state before it and the input's part of its sums, which a matrix product of all steps has computed
/// before; one thread a unit of a sequence. A GRU whose reset acts before the matrix needs every unit's reset first, and so two kernels.
/// </summary>
[ExcludeFromCodeCoverage]
internal static class RecurrentKernels
{
    public static void Simple(ArrayView<float> fromInput, ArrayView<float> previous, ArrayView<float> next, RecurrentStep step)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= next.IntLength)
            return;
        var unit = step.At(index);
        next[index] = step.Candidate(step.Sum(fromInput, previous, unit, 0));
    }

    /// <summary>Gates in the order i, o, f, c. A cell may be written over the previous one, since only its own thread reads it.</summary>
    public static void Lstm(
        ArrayView<float> fromInput, ArrayView<float> previous, ArrayView<float> previousCell, ArrayView<float> next, ArrayView<float> nextCell, RecurrentStep step)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= next.IntLength)
            return;
        var unit = step.At(index);
        float before = previousCell[index];
        float input = step.Gate(step.Sum(fromInput, previous, unit, 0) + step.Peek(unit, 0, before));
        float forget = step.Gate(step.Sum(fromInput, previous, unit, 2) + step.Peek(unit, 2, before));
        float cell = forget * before + input * step.Candidate(step.Sum(fromInput, previous, unit, 3));
        float output = step.Gate(step.Sum(fromInput, previous, unit, 1) + step.Peek(unit, 1, cell));
        nextCell[index] = cell;
        next[index] = output * step.CellOutput(cell);
    }

    /// <summary>The GRU whose reset acts after the matrix. Gates in the order z, r, h.</summary>
    public static void GruResetAfter(ArrayView<float> fromInput, ArrayView<float> previous, ArrayView<float> next, RecurrentStep step)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= next.IntLength)
            return;
        var unit = step.At(index);
        float update = step.Gate(step.Sum(fromInput, previous, unit, 0));
        float reset = step.Gate(step.Sum(fromInput, previous, unit, 1));
        float candidate = step.Candidate(step.FromInput(fromInput, unit, 2) + reset * step.FromState(previous, unit, 2));
        next[index] = (1 - update) * candidate + update * previous[index];
    }

    /// <summary>The update gate of the other GRU, and the state that its reset gate lets through.</summary>
    public static void GruGates(ArrayView<float> fromInput, ArrayView<float> previous, ArrayView<float> update, ArrayView<float> passed, RecurrentStep step)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= update.IntLength)
            return;
        var unit = step.At(index);
        update[index] = step.Gate(step.Sum(fromInput, previous, unit, 0));
        passed[index] = step.Gate(step.Sum(fromInput, previous, unit, 1)) * previous[index];
    }

    public static void GruState(
        ArrayView<float> fromInput, ArrayView<float> previous, ArrayView<float> update, ArrayView<float> passed, ArrayView<float> next, RecurrentStep step)
    {
        int index = Grid.GlobalIndex.X;
        if (index >= next.IntLength)
            return;
        float candidate = step.Candidate(step.Sum(fromInput, passed, step.At(index), 2));
        next[index] = (1 - update[index]) * candidate + update[index] * previous[index];
    }
}

/// <summary>What all steps of a recurrent layer share.</summary>
/// <param name="weights">[G·H, H]</param>
/// <param name="bias">Of the state's part, [G·H].</param>
/// <param name="peephole">[3·H]</param>
/// <param name="gates">G.</param>
/// <param name="functions">What is applied to sums.</param>
[ExcludeFromCodeCoverage]
internal readonly struct RecurrentStep(ArrayView<float> weights, ArrayView<float> bias, ArrayView<float> peephole, int gates, RecurrentFunctions functions)
{
    private readonly ArrayView<float> _weights = weights;
    private readonly ArrayView<float> _bias = bias;
    private readonly ArrayView<float> _peephole = peephole;
    private readonly int _gates = gates;
    private readonly RecurrentFunctions _functions = functions;

    private int Hidden => _bias.IntLength / _gates;

    public RecurrentUnit At(int index)
    {
        RecurrentUnit unit;
        unit.Sequence = index / Hidden;
        unit.Unit = index - unit.Sequence * Hidden;
        return unit;
    }

    public float Sum(ArrayView<float> fromInput, ArrayView<float> state, RecurrentUnit unit, int gate) => FromInput(fromInput, unit, gate) + FromState(state, unit, gate);

    public float FromInput(ArrayView<float> fromInput, RecurrentUnit unit, int gate) => fromInput[(unit.Sequence * _gates + gate) * Hidden + unit.Unit];

    public float FromState(ArrayView<float> state, RecurrentUnit unit, int gate)
    {
        int row = gate * Hidden + unit.Unit;
        float sum = 0;
        for (int i = 0; i < Hidden; i++)
            sum += _weights[row * Hidden + i] * state[unit.Sequence * Hidden + i];
        return sum + _bias[row];
    }

    public float Peek(RecurrentUnit unit, int gate, float cell) => _peephole[gate * Hidden + unit.Unit] * cell;

    public float Gate(float sum) => Apply(_functions.Gate, Clipped(sum));

    public float Candidate(float sum) => Apply(_functions.Candidate, Clipped(sum));

    public float CellOutput(float cell) => Apply(_functions.CellOutput, cell);

    private float Clipped(float sum) => FloatFunctions.Clamp(sum, -_functions.Clip, _functions.Clip);

    private static float Apply(int kind, float x) => FloatFunctions.Apply((ActivationKind)kind, x, 0, 0);
}

/// <summary>A recurrent layer's functions, each an <see cref="ActivationKind"/>, and the limit of their operands.</summary>
internal struct RecurrentFunctions
{
    public int Gate;
    public int Candidate;
    public int CellOutput;
    public float Clip;
}

/// <summary>A unit of one sequence of the batch.</summary>
internal struct RecurrentUnit
{
    public int Sequence;
    public int Unit;
}
