using AccelSim.Graph;

namespace AccelSim.Models.Zoo;

/// <summary>
/// The input of a network that reads a row of units and not an image: a grey image [N, 1, √U, √U] where U is a square of 4 or more, so that
/// photographs can be run, and otherwise [N, U].
/// </summary>
internal static class UnitInput
{
    public static Shape Of(int batch, int units)
    {
        int side = (int)Math.Round(Math.Sqrt(units));
        return side > 1 && (long)side * side == units ? Shape.Of(batch, 1, side, side) : Shape.Of(batch, units);
    }

    /// <summary>The input as [N, U].</summary>
    public static string Flat(GraphBuilder graph, string input) => graph.TypeOf(input).Shape.Rank == 2 ? input : graph.Layer("flatten", new Flatten(), [input]);
}
