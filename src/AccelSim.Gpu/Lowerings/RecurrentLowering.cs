using AccelSim.Graph;
using ILGPU;
using ILGPU.Runtime;

namespace AccelSim.Gpu;

/// <summary>
/// A recurrent layer: one matrix product gives the input's part of every step's sums, then one kernel a step (two for a GRU whose reset acts before the
/// matrix) adds the state's part, in the order of time.
/// </summary>
internal static class RecurrentLowering
{
    public static LayerStep Recurrent(LoweringContext context)
    {
        var layer = (Recurrent)context.Layer.Operator;
        var (steps, batch, inputs) = (context.Input(0).Shape[0], context.Input(0).Shape[1], context.Input(0).Shape[2]);
        int hidden = context.Output.Shape[2], rows = layer.Gates * hidden, states = batch * hidden;
        bool hasStateBias = context.Layer.Constants.Length > 2 && context.ConstantType(2).Shape[0] == 2 * rows;

        var inputWeight = context.FloatOperand(0);
        var stateWeight = context.FloatOperand(1);
        var bias = context.FloatOperand(2, rows);
        var peephole = context.FloatOperand(3, 3 * hidden);
        var zeros = context.Upload<float>(new float[Math.Max(states, rows)]);
        var fromInput = context.Scratch<float>((long)steps * batch * rows);
        var product = MacLowering.Matrix<float, float, FloatMac>(context, MacLowering.Vectors(steps * batch, inputs, rows), groups: 1);
        var advance = Cell(context, layer, states);
        // The states that are not the layer's value: two in turn, since a step reads all of the last one.
        Operand<float>[] others = [context.Scratch<float>(states), context.Scratch<float>(states)];
        var functions = new RecurrentFunctions
        {
            Gate = (int)layer.Gate,
            Candidate = (int)layer.Candidate,
            CellOutput = (int)layer.CellOutput,
            Clip = layer.Clip is { } clip ? (float)clip : float.PositiveInfinity,
        };
        var (names, output) = (context.Layer.Inputs, context.Layer.Name);

        return values =>
        {
            var sums = fromInput(values);
            product(values.View<float>(names[0]), inputWeight(values), sums, new FloatMac(bias(values).SubView(0, rows), float.NegativeInfinity, float.PositiveInfinity));
            var stateBias = hasStateBias ? bias(values).SubView(rows, rows) : zeros.SubView(0, rows);
            var step = new RecurrentStep(stateWeight(values), stateBias, peephole(values), layer.Gates, functions);
            var state = names.Length > 1 ? values.View<float>(names[1]) : zeros.SubView(0, states);
            var cell = names.Length > 2 ? values.View<float>(names[2]) : zeros.SubView(0, states);
            for (int i = 0; i < steps; i++)
            {
                int time = layer.Reverse ? steps - 1 - i : i;
                var value = values.View<float>(output).SubView((long)time * states, states);
                var other = others[i % 2](values);
                var (next, nextCell) = layer.Output == RecurrentOutput.Hidden ? (value, other) : (other, value);
                advance(values, sums.SubView((long)time * batch * rows, batch * rows), state, cell, next, nextCell, step);
                (state, cell) = (next, nextCell);
            }
        };
    }

    private delegate void Advance(
        ValueBuffers values, ArrayView<float> fromInput, ArrayView<float> state, ArrayView<float> cell, ArrayView<float> next, ArrayView<float> nextCell, RecurrentStep step);

    private static Advance Cell(LoweringContext context, Recurrent layer, int states)
    {
        var grid = KernelShape.Threads(states);
        switch (layer.Cell)
        {
            case RecurrentCell.Simple:
                var simpleKernel = RecurrentKernels.Simple;
                var simple = context.Kernels.Load(simpleKernel);
                return (_, fromInput, state, _, next, _, step) => simple(grid, fromInput, state, next, step);
            case RecurrentCell.Lstm:
                var lstmKernel = RecurrentKernels.Lstm;
                var lstm = context.Kernels.Load(lstmKernel);
                return (_, fromInput, state, cell, next, nextCell, step) => lstm(grid, fromInput, state, cell, next, nextCell, step);
            case RecurrentCell.Gru when layer.LinearBeforeReset:
                var resetAfterKernel = RecurrentKernels.GruResetAfter;
                var resetAfter = context.Kernels.Load(resetAfterKernel);
                return (_, fromInput, state, _, next, _, step) => resetAfter(grid, fromInput, state, next, step);
            default:
                var gatesKernel = RecurrentKernels.GruGates;
                var stateKernel = RecurrentKernels.GruState;
                var (gates, finish) = (context.Kernels.Load(gatesKernel), context.Kernels.Load(stateKernel));
                var (update, passed) = (context.Scratch<float>(states), context.Scratch<float>(states));
                return (values, fromInput, state, _, next, _, step) =>
                {
                    gates(grid, fromInput, state, update(values), passed(values), step);
                    finish(grid, fromInput, state, update(values), passed(values), next, step);
                };
        }
    }
}
