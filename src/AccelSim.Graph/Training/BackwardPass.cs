namespace AccelSim.Graph.Training;

/// <summary>A term of a value's gradient: of all of it, or of a stretch along one axis, 0 elsewhere.</summary>
internal readonly record struct Contribution(string Gradient, int Axis = -1, int Start = 0)
{
    public bool IsPart => Axis >= 0;
}

/// <summary>
/// Reverse-mode differentiation (Linnainmaa 1970; Rumelhart, Hinton, Williams, Nature 323, 1986): from the gradient of the last value back through the layers,
/// each by its operator's <see cref="GradientRule"/>; what reaches a value by several ways is summed.
/// </summary>
internal sealed class BackwardPass
{
    private readonly StepBuilder _builder;
    private readonly HashSet<string> _wanted;
    private readonly Dictionary<string, List<Contribution>> _contributions = [];

    /// <param name="builder">Holds the forward layers, and gets the backward ones.</param>
    /// <param name="sources">The values whose gradients are wanted; gradients are taken only where a layer depends on one.</param>
    public BackwardPass(StepBuilder builder, IEnumerable<string> sources)
    {
        (_builder, _wanted) = (builder, [.. sources]);
        foreach (var layer in builder.Layers)
        {
            if (layer.Operands.Any(_wanted.Contains))
                _wanted.Add(layer.Name);
        }
    }

    public bool Wants(string value) => _wanted.Contains(value);

    public void Add(string value, Contribution contribution)
    {
        if (!_contributions.TryGetValue(value, out var list))
            _contributions[value] = list = [];
        list.Add(contribution);
    }

    /// <summary>Emits the backward layers.</summary>
    /// <param name="value">The value to differentiate.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <exception cref="GraphException">A layer on the way has no rule.</exception>
    public void Run(string value, string gradient)
    {
        Add(value, new Contribution(gradient));
        foreach (var layer in _builder.Layers.Reverse().ToList())
        {
            if (!Wants(layer.Name) || GradientOf(layer.Name) is not { } dy)
                continue;
            if (!DifferentiableOperators.Rules.TryGetValue(layer.Operator.GetType(), out var rule))
                throw new GraphException($"Layer '{layer.Name}' ({layer.Operator.Name}) cannot be trained through: its operator has no gradient rule.");
            try
            {
                rule.Apply(new LayerBackward(_builder, this, layer, dy));
            }
            catch (GraphException error)
            {
                throw new GraphException($"Layer '{layer.Name}' ({layer.Operator.Name}) cannot be trained through: {error.Message}", error);
            }
        }
    }

    /// <summary>The gradient of a value, all of its terms summed, or null where none reaches it.</summary>
    public string? GradientOf(string value)
    {
        if (!_contributions.TryGetValue(value, out var terms))
            return null;
        var sum = new GradientSum(_builder, value);
        string gradient = terms is [{ IsPart: false } only] ? only.Gradient : sum.Of(terms);
        _contributions[value] = [new Contribution(gradient)];
        return gradient;
    }

    private sealed class GradientSum(StepBuilder builder, string value) : LayerEmitter(builder, $"{value}/gradient")
    {
        public string Of(IReadOnlyList<Contribution> terms)
        {
            var whole = terms.Where(term => !term.IsPart).Select(term => term.Gradient).ToList();
            foreach (var axis in terms.Where(term => term.IsPart).GroupBy(term => term.Axis))
            {
                // Slices that cut a value up, such as the steps of a sequence or the gates of a cell, come back as one concatenation.
                if (Tiles([.. axis.OrderBy(part => part.Start)], axis.Key) is { } joined)
                    whole.Add(joined);
                else
                    whole.AddRange(axis.Select(part => Padded(part.Gradient, axis.Key, part.Start, ShapeOf(value)[axis.Key] - part.Start - ShapeOf(part.Gradient)[axis.Key])));
            }
            return whole.Aggregate(Plus);
        }

        private string? Tiles(Contribution[] parts, int axis)
        {
            int end = 0;
            foreach (var part in parts)
            {
                if (part.Start != end)
                    return null;
                end += ShapeOf(part.Gradient)[axis];
            }
            return end != ShapeOf(value)[axis] ? null : parts.Length == 1 ? parts[0].Gradient : Emit("join", new Concat(axis), [.. parts.Select(part => part.Gradient)]);
        }
    }
}
