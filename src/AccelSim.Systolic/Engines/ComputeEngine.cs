using AccelSim.Systolic.Mapping;

namespace AccelSim.Systolic.Engines;

/// <summary>An accelerator whose multipliers are no systolic array.</summary>
/// <param name="Name">For tables and messages.</param>
/// <param name="ClockHz">Clock of the engine.</param>
/// <param name="Memory">What lies behind it.</param>
/// <param name="CyclesALayer">Cycles from the end of a layer to the start of the next.</param>
public abstract record ComputeEngine(string Name, double ClockHz, EngineMemory Memory, double CyclesALayer)
{
    /// <summary>The engine's peak.</summary>
    public abstract long MacsPerCycle { get; }

    /// <summary>Elements that the unit for everything but products does a cycle.</summary>
    public abstract int Lanes { get; }

    /// <summary>How the multipliers are arranged, such as <c>8×16×16 channel-parallel</c>.</summary>
    public abstract string Describe();

    /// <summary>How a product lies on the engine.</summary>
    public abstract LayerMapping Map(LayerGeometry geometry);

    /// <summary>Cycles and bytes of a product, memory included.</summary>
    /// <param name="geometry">The product.</param>
    /// <param name="operands">Where its operands lie.</param>
    internal abstract ProductTime Time(LayerGeometry geometry, ProductOperands operands);
}

/// <summary>Where the operands of a product lie.</summary>
/// <param name="InputBytes">Of the inputs.</param>
/// <param name="InputsOffChip">Whether the inputs come from the memory off the chip.</param>
/// <param name="InputShare">Compressed ÷ plain bytes of the inputs off the chip.</param>
/// <param name="WeightBytes">Of weights and biases.</param>
/// <param name="OutputBytes">Of the outputs.</param>
/// <param name="OutputsOffChip">Whether the outputs go to the memory off the chip.</param>
/// <param name="OutputShare">Compressed ÷ plain bytes of the outputs off the chip.</param>
internal readonly record struct ProductOperands(
    long InputBytes, bool InputsOffChip, double InputShare, long WeightBytes, long OutputBytes, bool OutputsOffChip, double OutputShare);

/// <summary>What a product costs on an engine with its memory.</summary>
/// <param name="Mapping">How it lies on the engine.</param>
/// <param name="Busy">Cycles of the engine with its own buffers, memory off the chip aside.</param>
/// <param name="DramRead">Bytes from the memory off the chip.</param>
/// <param name="DramWritten">Bytes to it.</param>
/// <param name="Exposed">Of both, the bytes that move while the engine waits.</param>
/// <param name="BufferRead">Bytes read from the buffer.</param>
/// <param name="BufferWritten">Bytes written to it.</param>
internal readonly record struct ProductTime(
    LayerMapping Mapping, long Busy, double DramRead, double DramWritten, double Exposed, double BufferRead, double BufferWritten);
