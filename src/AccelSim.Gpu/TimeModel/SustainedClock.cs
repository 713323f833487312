namespace AccelSim.Gpu;

/// <summary>
/// The share of a data sheet's peak at which matrix units can run within the thermal design power.
/// </summary>
/// <remarks>
/// An operation's energy goes with the process node (M. Horowitz, ISSCC 2014, has it fall about linearly from 45 nm), so that a card of P watts and n nm
/// can pay for κ · P / n operations a second, an int8 multiplication or addition being one and a float16 one two. Where the peak is above that the clock
/// falls; power goes with f · V² and V falls with f by about its root, so that the clock falls with the square root of what is missing. κ = 10 TOPS·nm/W is
/// one constant of this model for all devices, chosen from the ratio of the published throughput of an A100 of 250 W to one of 400 W and of a T4.
/// </remarks>
public static class SustainedClock
{
    /// <summary>Int8 operations a second · nm ÷ W that a card can pay for.</summary>
    public const double OperationNanometresPerJoule = 10e12;

    /// <summary>Sustained clock ÷ the clock of the peak, at most 1; 1 where power or process are not known.</summary>
    public static double Share(GpuSpecification device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device is not { PowerWatts: { } watts, ProcessNanometres: { } node })
            return 1;
        double operations = 2 * Math.Max(Rate(device.Int8MacsPerSecond), 2 * Rate(device.Float16MacsPerSecond));
        return Math.Min(1, Math.Sqrt(OperationNanometresPerJoule * watts / (node * operations)));

        // On vector units an operation costs as much as the instruction around it: matrix units are what throttles.
        double Rate(double? rate) => HasMatrixUnits(device, rate) ? rate!.Value : 0;
    }

    /// <summary>Whether a rate is more than vector units reach, which do four int8 or two float16 products in the place of a float32 one.</summary>
    internal static bool HasMatrixUnits(GpuSpecification device, double? rate) => rate > 4 * device.Float32MacsPerSecond;
}
