namespace AccelSim.Studies.Validate;

/// <summary>What a model says about a published row.</summary>
public abstract record Prediction
{
    private Prediction()
    {
    }

    /// <summary>The figure that the row publishes, as the model has it.</summary>
    /// <param name="Group">Rows that are judged together, such as <c>dpu depthwise latency</c>: one kind of device and one quantity.</param>
    /// <param name="Value">In the row's unit.</param>
    /// <param name="Note">How it came about, for the report.</param>
    public sealed record Of(string Group, double Value, string Note = "") : Prediction;

    /// <summary>The row's platform is modelled, but not this network or quantity.</summary>
    /// <param name="Reason">Why, for a reader who looks for the row.</param>
    public sealed record None(string Reason) : Prediction;
}

/// <summary>A model of some of the platforms of the published tables.</summary>
public interface IPredictor
{
    /// <summary>Whether the row's platform is one that this model knows. Of several predictors the first that does is asked.</summary>
    bool Covers(PublishedRow row);

    /// <summary>The row's figure, or why there is none.</summary>
    Prediction Predict(PublishedRow row, CancellationToken cancellation);
}
