using AccelSim.Graph;

namespace AccelSim.Rtl.Resources;

/// <summary>
/// What of a requantizer's constants is really there: a memory that becomes logic has no column for bits that are constant or copies, and product bits that
/// every shift drops are not made.
/// </summary>
/// <param name="Bias">Columns of a bias.</param>
/// <param name="Multiplier">Columns of a multiplier.</param>
/// <param name="Shift">Columns of S − 1.</param>
/// <param name="DroppedBits">Product bits below every shift.</param>
public sealed record RequantColumns(double Bias, double Multiplier, double Shift, int DroppedBits)
{
    /// <summary>For a shape whose weights are not known: a bias as wide as its sums, shifts in a range of sixteen.</summary>
    public static RequantColumns Typical(int sumBits, int multiplierBits) => new(Math.Min(32, sumBits), multiplierBits - 1, 4, multiplierBits & ~15);

    /// <summary>From the constants.</summary>
    /// <param name="lanes">Channels of a word.</param>
    /// <param name="bias">Folded, one a channel.</param>
    internal static RequantColumns Of(int lanes, IReadOnlyList<int> bias, Requantization requantization)
    {
        int channels = bias.Count, words = channels / lanes;
        var seen = new HashSet<string>();
        double biasColumns = Columns(32, channel => bias[channel]), multiplierColumns = Columns(requantization.MultiplierBits, channel => requantization.Multiplier[channel]);
        double shiftColumns = Columns(6, channel => requantization.Shift[channel] - 1);
        // S − 1 is applied; bits of it that are one in every channel shift all values.
        int dropped = Enumerable.Range(0, channels).Aggregate(63, (bits, channel) => bits & (requantization.Shift[channel] - 1));
        return new RequantColumns(biasColumns / lanes, multiplierColumns / lanes, shiftColumns / lanes, dropped);

        double Columns(int width, Func<int, long> value)
        {
            int count = 0;
            for (int lane = 0; lane < lanes; lane++)
            {
                for (int bit = 0; bit < width; bit++)
                {
                    string column = string.Concat(Enumerable.Range(0, words).Select(word => (value(word * lanes + lane) >> bit & 1) == 0 ? '0' : '1'));
                    if (column.Contains('0', StringComparison.Ordinal) && column.Contains('1', StringComparison.Ordinal) && seen.Add(column))
                        count++;
                }
            }
            return count;
        }
    }
}
