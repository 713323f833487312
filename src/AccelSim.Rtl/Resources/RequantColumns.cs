using AccelSim.Graph;

namespace AccelSim.Rtl.Resources;

/// <summary>
/// What of a requantizer's constants is really there. A memory that becomes logic has no column for bits that are constant or copies of others, and one that serves
/// several constants has a tap for each: a bias leaves two registers behind the address, a multiplier three, a shift four. Product bits that every shift drops are
/// not made.
/// </summary>
/// <param name="Columns">Columns of a lane by what they serve: 1 a bias, 2 a multiplier, 4 a shift, or a sum of these.</param>
/// <param name="Selects">The lower five bits of S − 1 without copies of one another: what the shifter selects by.</param>
/// <param name="FarSelects">1 where bit 5 is one more: a shift by 32.</param>
/// <param name="DroppedBits">Product bits below every shift.</param>
public sealed record RequantColumns(IReadOnlyList<double> Columns, double Selects, double FarSelects, int DroppedBits)
{
    /// <summary>Columns without any sharing.</summary>
    internal RequantColumns(double bias, double multiplier, double shift, int droppedBits)
        : this([0, bias, multiplier, 0, shift, 0, 0, 0], Math.Min(5, shift), Math.Max(0, shift - 5), droppedBits)
    {
    }

    /// <summary>For a shape whose weights are not known: a bias as wide as its sums, shifts in a range of sixteen.</summary>
    public static RequantColumns Typical(int sumBits, int multiplierBits) => new(Math.Min(32, sumBits), multiplierBits - 1, 4, multiplierBits & ~15);

    /// <summary>Of a mean of <paramref name="count"/> codes: no column at all, and a shift that drops what a division by the count leaves behind the point.</summary>
    public static RequantColumns Constant(long count, int multiplierBits) => new(0, 0, 0, multiplierBits + (int)Math.Log2(count));

    /// <summary>From the constants.</summary>
    /// <param name="lanes">Channels of a word.</param>
    /// <param name="bias">Folded, one a channel.</param>
    /// <param name="requantization">Multipliers and shifts, one a channel.</param>
    internal static RequantColumns Of(int lanes, IReadOnlyList<int> bias, Requantization requantization)
    {
        int channels = bias.Count, words = channels / lanes;
        var uses = new Dictionary<string, int>();
        int selects = 0, far = 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            Find(lane, 0, 32, 1, channel => bias[channel]);
            Find(lane, 0, requantization.MultiplierBits, 2, channel => requantization.Multiplier[channel]);
            var near = Find(lane, 0, 5, 4, channel => requantization.Shift[channel] - 1);
            selects += near.Count;
            far += Find(lane, 5, 6, 4, channel => requantization.Shift[channel] - 1).Count(column => !near.Contains(column) && !near.Contains(Inverse(column)));
        }
        var columns = new double[8];
        foreach (int use in uses.Values)
            columns[use] += 1.0 / lanes;
        // Bits of S − 1 that are one in every channel shift all values.
        int dropped = Enumerable.Range(0, channels).Aggregate(63, (bits, channel) => bits & (requantization.Shift[channel] - 1));
        return new RequantColumns(columns, (double)selects / lanes, (double)far / lanes, dropped);

        static string Inverse(string column) => string.Concat(column.Select(bit => bit == '0' ? '1' : '0'));

        HashSet<string> Find(int lane, int from, int to, int use, Func<int, long> value)
        {
            var own = new HashSet<string>();
            for (int bit = from; bit < to; bit++)
            {
                string column = string.Concat(Enumerable.Range(0, words).Select(word => (value(word * lanes + lane) >> bit & 1) == 0 ? '0' : '1'));
                if (column.Contains('0', StringComparison.Ordinal) && column.Contains('1', StringComparison.Ordinal) && own.Add(column))
                    uses[column] = uses.GetValueOrDefault(column) | use;
            }
            return own;
        }
    }
}
