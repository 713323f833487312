using AccelSim.Systolic.Memory;

namespace AccelSim.Systolic.Timing;

/// <summary>What a layer moves over the chip's edge, and what of it nothing hides.</summary>
/// <param name="InputsRead">Bytes of activations read.</param>
/// <param name="WeightsRead">Bytes of weights and biases read.</param>
/// <param name="SumsRead">Bytes of partial sums read back.</param>
/// <param name="SumsWritten">Bytes of partial sums written.</param>
/// <param name="OutputsWritten">Bytes of outputs written.</param>
/// <param name="BusBytes">Bytes for which DRAM is busy: all of these in whole bursts.</param>
/// <param name="FirstBytes">Of those read, the bytes without which the layer cannot begin.</param>
/// <param name="ExposedBytes">Of the others, those that move while the layer waits.</param>
/// <param name="Requests">Requests whose latency nothing hides.</param>
internal readonly record struct DramUse(
    long InputsRead, long WeightsRead, long SumsRead, long SumsWritten, long OutputsWritten, long BusBytes, long FirstBytes, long ExposedBytes, long Requests)
{
    public long Read => InputsRead + WeightsRead + SumsRead;

    public long Written => SumsWritten + OutputsWritten;

    public static DramUse Of(TilePlan plan) => new(
        plan.InputsRead, plan.WeightsRead, plan.SumsRead, plan.SumsWritten, plan.OutputsWritten, plan.BusBytes, plan.FirstBytes, plan.ExposedBytes, plan.ExposedRequests);

    /// <summary>This use and more of the same kind, each a run of addresses.</summary>
    public DramUse With(long inputs = 0, long weights = 0, long sums = 0, long outputs = 0, bool isExposed = false, int burst = 1)
    {
        long bus = Whole(inputs) + Whole(weights) + 2 * Whole(sums) + Whole(outputs);
        return this with
        {
            InputsRead = InputsRead + inputs,
            WeightsRead = WeightsRead + weights,
            SumsRead = SumsRead + sums,
            SumsWritten = SumsWritten + sums,
            OutputsWritten = OutputsWritten + outputs,
            BusBytes = BusBytes + bus,
            ExposedBytes = ExposedBytes + (isExposed ? bus : 0),
            Requests = Math.Max(Requests, inputs + weights + sums > 0 ? 1 : 0),
        };

        long Whole(long bytes) => (bytes + burst - 1) / burst * burst;
    }
}
