namespace AccelSim.Systolic.Engines;

/// <summary>What lies between an engine and the memory off the chip.</summary>
/// <param name="BufferBytes">Memory on the chip for a layer's inputs and weights; half of each half fills while the other is read.</param>
/// <param name="KeepBytes">Memory on the chip in which activations stay between layers; 0 where all go off the chip.</param>
/// <param name="BytesPerSecond">Rate to and from the memory off the chip.</param>
/// <param name="ElementBytes">Bytes of an activation or weight.</param>
/// <param name="RunLength">How activations that a rectifier made are compressed off the chip; null where they are not.</param>
public sealed record EngineMemory(long BufferBytes, long KeepBytes, double BytesPerSecond, int ElementBytes = 1, RunLengthCoding? RunLength = null);
