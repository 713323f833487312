namespace AccelSim.Gpu;

/// <summary>Memory that is needed from step <paramref name="First"/> to step <paramref name="Last"/>, both included.</summary>
internal readonly record struct Lifetime(int First, int Last, long Bytes)
{
    public bool Overlaps(Lifetime other) => First <= other.Last && other.First <= Last;
}

/// <summary>
/// One allocation for many lifetimes. To pack them best is NP-hard; the greedy orders of Pisarchyk and Lee, "Efficient Memory Management for Deep
/// Neural Net Inference" (2020), come within a few percent of the lower bound on real networks. Each order places one after the other at the
/// lowest offset that is free for its whole life; the best of the orders is taken.
/// </summary>
/// <param name="Offsets">Where each lifetime begins, in bytes.</param>
/// <param name="Bytes">The size of the allocation.</param>
internal sealed record Arena(IReadOnlyList<long> Offsets, long Bytes)
{
    /// <summary>How often an order that misses the lower bound is amended.</summary>
    private const int Rounds = 40;

    public static Arena Plan(IReadOnlyList<Lifetime> parts)
    {
        long bound = LowerBound(parts);
        var best = new Arena([], long.MaxValue);
        foreach (int[] order in Orders(parts))
        {
            var plan = Place(parts, order);
            Keep(plan);
            // What ends highest goes first, and all are placed again.
            for (int round = 0; round < Rounds && best.Bytes > bound; round++)
            {
                int highest = Enumerable.Range(0, order.Length).MaxBy(i => plan.Offsets[order[i]] + parts[order[i]].Bytes);
                int first = order[highest];
                Array.Copy(order, 0, order, 1, highest);
                order[0] = first;
                Keep(plan = Place(parts, order));
            }
            if (best.Bytes == bound)
                break;
        }
        return best;

        void Keep(Arena plan) => best = plan.Bytes < best.Bytes ? plan : best;
    }

    /// <summary>The largest sum of bytes needed at one step.</summary>
    public static long LowerBound(IReadOnlyList<Lifetime> parts)
    {
        var changes = new SortedDictionary<int, long>();
        foreach (var part in parts)
        {
            changes[part.First] = changes.GetValueOrDefault(part.First) + part.Bytes;
            changes[part.Last + 1] = changes.GetValueOrDefault(part.Last + 1) - part.Bytes;
        }
        long alive = 0, most = 0;
        foreach (long change in changes.Values)
            most = Math.Max(most, alive += change);
        return most;
    }

    private static IEnumerable<int[]> Orders(IReadOnlyList<Lifetime> parts)
    {
        int[] all = [.. Enumerable.Range(0, parts.Count)];
        yield return [.. all.OrderByDescending(i => parts[i].Bytes).ThenBy(i => parts[i].First)];
        yield return [.. all.OrderByDescending(i => parts[i].Bytes * (parts[i].Last - parts[i].First + 1.0)).ThenBy(i => parts[i].First)];
        yield return [.. all.OrderByDescending(i => parts[i].Last - parts[i].First).ThenByDescending(i => parts[i].Bytes)];
        yield return [.. all.OrderBy(i => parts[i].First).ThenByDescending(i => parts[i].Bytes)];
        // By breadth: the steps that need most first, the largest of a step first.
        var steps = parts.SelectMany(part => new[] { part.First, part.Last }).Distinct().ToList();
        var breadth = steps.ToDictionary(step => step, step => parts.Where(part => part.First <= step && step <= part.Last).Sum(part => part.Bytes));
        yield return [.. steps.OrderByDescending(step => breadth[step]).ThenBy(step => step)
            .SelectMany(step => all.Where(i => parts[i].First <= step && step <= parts[i].Last).OrderByDescending(i => parts[i].Bytes)).Distinct()];
    }

    private static Arena Place(IReadOnlyList<Lifetime> parts, int[] order)
    {
        long[] offsets = new long[parts.Count];
        var placed = new List<int>();
        long bytes = 0;
        foreach (int i in order)
        {
            long offset = 0;
            // By offset, so that the first gap that is wide enough is the lowest.
            foreach (int other in placed)
            {
                if (!parts[i].Overlaps(parts[other]))
                    continue;
                if (offsets[other] >= offset + parts[i].Bytes)
                    break;
                offset = Math.Max(offset, Align(offsets[other] + parts[other].Bytes));
            }
            offsets[i] = offset;
            bytes = Math.Max(bytes, offset + parts[i].Bytes);
            int at = placed.BinarySearch(i, Comparer<int>.Create((a, b) => offsets[a].CompareTo(offsets[b])));
            placed.Insert(at < 0 ? ~at : at, i);
        }
        return new Arena(offsets, bytes);
    }

    private static long Align(long offset) => (offset + MemoryPlan.Alignment - 1) / MemoryPlan.Alignment * MemoryPlan.Alignment;
}
