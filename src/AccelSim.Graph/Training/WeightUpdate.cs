namespace AccelSim.Graph.Training;

/// <summary>Stochastic gradient descent with momentum for one constant, as libtorch's SGD without dampening.</summary>
internal sealed class WeightUpdate(StepBuilder builder, LearnedConstant constant, TrainingStepOptions options) : LayerEmitter(builder, constant.Name)
{
    private readonly StepBuilder _builder = builder;

    public IEnumerable<StepState> Emit(string gradient)
    {
        string weight = constant.Name, direction = gradient;
        if (options.WeightDecay > 0 && constant.Decays)
            direction = gradient = Plus(gradient, Scaled(weight, options.WeightDecay));
        if (options.Momentum > 0)
        {
            string velocity = _builder.Input($"{weight}/velocity", ShapeOf(weight));
            string next = Emit("velocity/new", new Add(), Scaled(velocity, options.Momentum), gradient);
            yield return new StepState(velocity, next, null);
            direction = options.Nesterov ? Plus(gradient, Scaled(next, options.Momentum)) : next;
        }
        yield return new StepState(weight, Emit("new", new Arithmetic(ArithmeticKind.Subtract), weight, Times(direction, TrainingStep.LearningRateName)), weight);
    }
}
