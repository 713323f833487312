namespace AccelSim.Platforms;

/// <summary>Finds the known name that a misspelt one was meant to be.</summary>
internal static class NearestName
{
    /// <summary>Known names close to the given one, closest first, at most <paramref name="count"/>.</summary>
    /// <remarks>Close is an edit distance of at most a third of the length, or one name beginning with the other.</remarks>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known, int count)
    {
        string wanted = name.ToLowerInvariant();
        return [.. known
            .Select(candidate => (candidate, distance: Rank(wanted, candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, Math.Max(wanted.Length, pair.candidate.Length) / 3))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(count)
            .Select(pair => pair.candidate)];
    }

    private static int Rank(string wanted, string candidate)
    {
        bool begins = wanted.Length >= 2
            && (candidate.StartsWith(wanted, StringComparison.Ordinal) || wanted.StartsWith(candidate, StringComparison.Ordinal));
        return begins ? 1 : Distance(wanted, candidate);
    }

    // Levenshtein's edit distance, one row of the table at a time.
    private static int Distance(string a, string b)
    {
        // A pasted paragraph is nobody's misspelling.
        if (a.Length > 64 || b.Length > 64)
            return int.MaxValue;
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
