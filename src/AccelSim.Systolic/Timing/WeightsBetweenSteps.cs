namespace AccelSim.Systolic.Timing;

/// <summary>Where the weights of a step-by-step layer are when the next step needs them.</summary>
internal enum WeightsBetweenSteps
{
    /// <summary>Each step has a part of its own.</summary>
    OfEachStep,

    /// <summary>In the processing elements: one weight-stationary fold holds them all.</summary>
    InArray,

    /// <summary>In the weight memory; the array loads them in each step.</summary>
    OnChip,

    /// <summary>In DRAM: they do not fit, and come again in each step.</summary>
    Streamed,
}
