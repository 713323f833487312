namespace AccelSim.Platforms;

/// <summary>
/// Scaling of gates between process nodes after A. Stillmaker and B. Baas, "Scaling equations for the accurate prediction of CMOS device
/// performance from 180 nm to 7 nm", Integration 58, 2017: the energy of a gate is a quadratic of the supply voltage with coefficients by node,
/// its area a table. Between tabulated nodes the energy is interpolated linearly in the node and the area as a power of it, so both are continuous.
/// </summary>
/// <remarks>
/// From simulated predictive models, planar down to 20 nm and FinFET below. Against the two published tables of whole operators (Horowitz 2014 for
/// 45 nm, Jouppi et al. 2021 for 7 nm) it promises six times more saving than those show, because wires and margins do not shrink as gates do.
/// Hence where both neighbours of a node have a figure it is interpolated between them, and this scale serves only beyond.
/// </remarks>
public static class NodeScale
{
    public const double SmallestNanometres = 7;

    public const double LargestNanometres = 130;

    // Relative area is that of 45 nm = 1: the table's row for 45 nm.
    private static readonly (double Nanometres, double A, double B, double C, double Area)[] Nodes =
    [
        (7, 0.1776, -0.09097, 0.02447, 0.059),
        (10, 0.2068, -0.09311, 0.02375, 0.1),
        (14, 0.2363, -0.09675, 0.02239, 0.17),
        (16, 0.2958, -0.1241, 0.03024, 0.19),
        (20, 0.373, -0.1582, 0.04104, 0.21),
        (32, 0.9559, -0.7823, 0.471, 0.46),
        (45, 1.103, -0.362, 0.2767, 1),
        (65, 3.755, -4.398, 1.975, 1.5),
        (90, 4.762, -4.781, 2.092, 2.8),
        (130, 7.171, -6.709, 2.904, 6.4),
    ];

    /// <summary>Factor on a gate's energy from one node and voltage to another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A node is outside 7 to 130 nm.</exception>
    public static double Energy(double fromNanometres, double fromVolts, double toNanometres, double toVolts) =>
        GateEnergy(toNanometres, toVolts) / GateEnergy(fromNanometres, fromVolts);

    /// <summary>Factor on a gate's area from one node to another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A node is outside 7 to 130 nm.</exception>
    public static double Area(double fromNanometres, double toNanometres) => GateArea(toNanometres) / GateArea(fromNanometres);

    /// <summary>A value between two nodes whose values are known, as a power of the node: linear in the logarithms.</summary>
    public static double Between(double nanometres, (double Nanometres, double Value) one, (double Nanometres, double Value) other)
    {
        double share = Math.Log(nanometres / one.Nanometres) / Math.Log(other.Nanometres / one.Nanometres);
        return one.Value * Math.Pow(other.Value / one.Value, share);
    }

    private static double GateEnergy(double nanometres, double volts)
    {
        (int below, int above) = Neighbours(nanometres);
        double low = At(below), high = At(above);
        return below == above ? low : low + ((high - low) * (nanometres - Nodes[below].Nanometres) / (Nodes[above].Nanometres - Nodes[below].Nanometres));

        double At(int index) => (Nodes[index].A * volts * volts) + (Nodes[index].B * volts) + Nodes[index].C;
    }

    private static double GateArea(double nanometres)
    {
        (int below, int above) = Neighbours(nanometres);
        return below == above ? Nodes[below].Area : Between(nanometres, (Nodes[below].Nanometres, Nodes[below].Area), (Nodes[above].Nanometres, Nodes[above].Area));
    }

    private static (int Below, int Above) Neighbours(double nanometres)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nanometres, SmallestNanometres);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanometres, LargestNanometres);
        int above = Array.FindIndex(Nodes, node => node.Nanometres >= nanometres);
        return (Nodes[above].Nanometres == nanometres ? above : above - 1, above);
    }
}
