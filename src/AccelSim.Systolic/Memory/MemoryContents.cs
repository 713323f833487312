namespace AccelSim.Systolic.Memory;

/// <summary>What a level of memory may hold.</summary>
[Flags]
public enum MemoryContents
{
    None = 0,

    /// <summary>Layer inputs and outputs, in the bytes of their type.</summary>
    Activations = 1,

    /// <summary>Weights and biases, in the bytes of their type.</summary>
    Weights = 2,

    /// <summary>int32 partial sums.</summary>
    PartialSums = 4,
}
