using AccelSim.Graph;

namespace AccelSim.Systolic.Folding;

/// <summary>The matrix products of a recurrent layer.</summary>
/// <param name="Input">The inputs of all steps and images with the input weights of all gates.</param>
/// <param name="State">In each step the states with the recurrent weights: of all gates, or of all but the candidate.</param>
/// <param name="Candidate">In each step of a GRU that resets before it multiplies, the candidate's, which needs the reset gate.</param>
internal sealed record RecurrentProducts(MatrixWork Input, MatrixWork State, MatrixWork? Candidate)
{
    public static RecurrentProducts Of(Recurrent layer, int steps, int batch, int inputs, int hidden)
    {
        bool resetsFirst = layer.Cell == RecurrentCell.Gru && !layer.LinearBeforeReset;
        return new RecurrentProducts(
            new MatrixWork(1, checked(steps * batch), inputs, checked(layer.Gates * hidden)),
            new MatrixWork(1, batch, hidden, checked((resetsFirst ? 2 : layer.Gates) * hidden)),
            resetsFirst ? new MatrixWork(1, batch, hidden, hidden) : null);
    }
}
