using System.Globalization;
using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Studies.Simulate;

/// <summary>What of a platform's array shall be otherwise than in its file.</summary>
/// <param name="Dataflow">The operand that stays, or null.</param>
/// <param name="Sides">Rows and columns, such as <c>32x64</c>, or null.</param>
/// <param name="Arrays">How many arrays share the memories, or null.</param>
/// <param name="Sparsity">The structured sparsity of weights, such as <c>2:4</c>, or null.</param>
public sealed record ArrayChanges(Dataflow? Dataflow = null, string? Sides = null, int? Arrays = null, string? Sparsity = null)
{
    /// <summary>Whether nothing is asked for.</summary>
    public bool AreNone => this == new ArrayChanges();

    /// <summary>Rows and columns, or null.</summary>
    /// <exception cref="GraphException">The text is not rows and columns.</exception>
    internal (int Rows, int Columns)? ReadSides()
    {
        if (Sides is null)
            return null;
        return Two(Sides.Split('x', 'X', '×')) ?? throw new GraphException($"The array '{Sides}' must be rows and columns, such as 32x64.");
    }

    /// <summary>The configuration with what is asked for but its sides, and a word on each change.</summary>
    /// <exception cref="GraphException">The sparsity is not two numbers.</exception>
    /// <exception cref="ArrayConfigurationException">The array cannot be.</exception>
    internal ArrayConfiguration ApplyTo(ArrayConfiguration array, ICollection<string> notes)
    {
        if (Dataflow is { } flow && flow != array.Dataflow)
        {
            notes.Add($"{flow.Words()} as asked, where {array.Name} is {array.Dataflow.Words()}");
            array = array with { Dataflow = flow };
        }
        if (Arrays is { } arrays && arrays != array.Arrays)
        {
            notes.Add(FormattableString.Invariant($"arrays as asked: {arrays}, where {array.Name} has {array.Arrays}; its memories, vector unit and DRAM are unchanged and shared"));
            array = array with { Arrays = arrays };
        }
        if (Sparsity is not null)
        {
            (int kept, int of) = Two(Sparsity.Split(':')) ?? throw new GraphException($"The sparsity '{Sparsity}' must be kept and of how many, such as 2:4.");
            notes.Add(FormattableString.Invariant($"weights of layers without groups are {kept}:{of} sparse, as asked"));
            array = array with { Sparsity = new WeightSparsity(kept, of) };
        }
        array.Validate();
        return array;
    }

    private static (int First, int Second)? Two(string[] numbers) =>
        numbers.Length == 2 && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
        && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int second)
            ? (first, second)
            : null;
}
