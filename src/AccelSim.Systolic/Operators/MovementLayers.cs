using AccelSim.Graph;
using AccelSim.Systolic.VectorUnit;

namespace AccelSim.Systolic.Operators;

/// <summary>Some elements along an axis.</summary>
internal sealed class SliceLayer : MovementLayerImplementation<Slice>
{
    protected override AddressGenerator Addresses(Slice op, Shape input, Shape output) =>
        AddressGenerator.Along(op.Axis, input, output, position => op.Start + position * op.Step);
}

/// <summary>Elements along an axis by their index.</summary>
internal sealed class GatherLayer : MovementLayerImplementation<Gather>
{
    protected override AddressGenerator Addresses(Gather op, Shape input, Shape output) =>
        AddressGenerator.Along(op.Axis, input, output, position => op.Indices[position]);
}

/// <summary>Channels of groups dealt in turn.</summary>
internal sealed class ChannelShuffleLayer : MovementLayerImplementation<ChannelShuffle>
{
    protected override AddressGenerator Addresses(ChannelShuffle op, Shape input, Shape output) =>
        AddressGenerator.Along(1, input, output, channel => op.Source(channel, input[1]));
}

/// <summary>Dimensions in another order.</summary>
internal sealed class TransposeLayer : MovementLayerImplementation<Transpose>
{
    protected override AddressGenerator Addresses(Transpose op, Shape input, Shape output) => AddressGenerator.Permute(input, output, op.Permutation);
}

/// <summary>More elements around a value: a write each, and a read each but where they are one value.</summary>
internal sealed class PadLayer : MovementLayerImplementation<Pad>
{
    protected override LayerWork Work(Pad op, LayerGraph graph, Layer layer) => new VectorLayer(OutputsOf(graph, layer), "one move an element")
    {
        ElementsRead = op.Mode == PadMode.Constant ? ShapeOf(graph, layer.Inputs[0]).Elements : OutputsOf(graph, layer),
    };

    protected override AddressGenerator Addresses(Pad op, Shape input, Shape output) =>
        AddressGenerator.Select(input, output, (dimension, position) => op.Source(dimension, input[dimension], position));

    protected override double RealOutside(Pad op) => op.Value;
}
