namespace AccelSim.Graph.Training;

/// <summary>The loss and the update rule of a training step: stochastic gradient descent with momentum. The learning rate is an input of the step.</summary>
public sealed record TrainingStepOptions
{
    public LossKind Loss { get; init; } = LossKind.CrossEntropy;

    /// <summary>μ: v' = μ·v + g, w' = w − rate·v'. At 0 there are no velocities.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>w' = w − rate·(g + μ·v') instead (Sutskever et al., ICML 2013).</summary>
    public bool Nesterov { get; init; }

    /// <summary>λ: g + λ·w stands for g where <see cref="LearnedConstant.Decays"/>.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The share of a batch in the new moving statistics of batch normalization.</summary>
    public double StatisticsMomentum { get; init; } = 0.1;

    /// <exception cref="GraphException">An option is out of range.</exception>
    public void Check()
    {
        Require(Momentum >= 0 && Momentum < 1, "momentum", Momentum, "in [0, 1)");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), "weight decay", WeightDecay, "not negative");
        Require(StatisticsMomentum > 0 && StatisticsMomentum <= 1, "share of a batch in moving statistics", StatisticsMomentum, "in (0, 1]");
        if (Nesterov && Momentum == 0)
            throw new GraphException("Nesterov's update needs a momentum above 0.");

        static void Require(bool holds, string what, double value, string range)
        {
            if (!holds)
                throw new GraphException(FormattableString.Invariant($"The {what} must be {range}, but is {value}."));
        }
    }
}
