using System.Text;
using Spectre.Console;

namespace AccelSim.Cli;

/// <summary>
/// A table of one line a row, for many columns: nothing wraps or is cut. On a terminal that is too narrow the columns that matter least are left out;
/// a file or a pipe gets all of them.
/// </summary>
internal sealed class TextTable
{
    private readonly List<(string[] Title, bool Right, int Rank)> _columns = [];
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a column.</summary>
    /// <param name="title">Lines, separated by line feeds.</param>
    /// <param name="right">Whether numbers stand at the right.</param>
    /// <param name="rank">0: always shown; of the others the highest goes first.</param>
    public void Column(string title, bool right = false, int rank = 0) => _columns.Add((title.Split('\n'), right, rank));

    /// <summary>Adds a row with a cell a column; an empty one is a gap.</summary>
    public void Row(params IReadOnlyList<string> cells) => _rows.Add([.. cells]);

    /// <summary>Prints it; the last row, which sums up the others, in bold where there is colour.</summary>
    public void Print(IAnsiConsole console, bool limitWidth)
    {
        int[] widths = [.. Enumerable.Range(0, _columns.Count).Select(i => Math.Max(_columns[i].Title.Max(line => line.Length), _rows.Where(row => row.Length > 0).Select(row => row[i].Length).DefaultIfEmpty().Max()))];
        List<int> shown = [.. Enumerable.Range(0, _columns.Count)];
        while (limitWidth && shown.Sum(i => widths[i] + 2) > console.Profile.Width && shown.MaxBy(i => _columns[i].Rank) is var least && _columns[least].Rank > 0)
            shown.Remove(least);
        int titleLines = _columns.Max(column => column.Title.Length);
        for (int line = 0; line < titleLines; line++)
            WriteLine(shown.Select(i => (Cell: _columns[i].Title.Length + line >= titleLines ? _columns[i].Title[line - titleLines + _columns[i].Title.Length] : "", i)), false);
        console.Profile.Out.Writer.WriteLine(new string('─', shown.Sum(i => widths[i] + 2)));
        foreach (string[] row in _rows)
            WriteLine(row.Length == 0 ? [] : shown.Select(i => (row[i], i)), row == _rows[^1]);

        void WriteLine(IEnumerable<(string Cell, int Column)> cells, bool bold)
        {
            var text = new StringBuilder();
            foreach ((string cell, int i) in cells)
                text.Append(_columns[i].Right ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i])).Append("  ");
            string line = text.ToString().TrimEnd();
            // Straight to the writer: a console of Spectre would wrap.
            console.Profile.Out.Writer.WriteLine(bold && console.Profile.Capabilities.Ansi ? $"\e[1m{line}\e[0m" : line);
        }
    }
}
