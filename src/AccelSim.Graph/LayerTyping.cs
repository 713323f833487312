namespace AccelSim.Graph;

/// <summary>The rules of a single layer: it reads earlier values, as many as its operator asks for, of types that it accepts; from them follows its own type.</summary>
internal static class LayerTyping
{
    /// <param name="layer">The layer.</param>
    /// <param name="graph">The name of its graph, for messages.</param>
    /// <param name="types">Inputs, constants and earlier layers.</param>
    /// <param name="isConstant">Which of these are constants.</param>
    /// <exception cref="GraphException">A rule is broken.</exception>
    public static TensorType Infer(Layer layer, string graph, IReadOnlyDictionary<string, TensorType> types, Func<string, bool> isConstant)
    {
        string place = $"Layer '{layer.Name}' ({layer.Operator.Name}) of '{graph}'";
        foreach (string value in layer.Operands)
        {
            if (!types.ContainsKey(value))
                throw Illegal($"{place} reads '{value}', which no input, constant or earlier layer produces.");
        }
        if (layer.Inputs.FirstOrDefault(isConstant) is { } constant)
            throw Illegal($"{place} reads the constant '{constant}' as an activation.");
        if (layer.Operator.IsInteger && layer.Constants.FirstOrDefault(value => !isConstant(value)) is { } activation)
            throw Illegal($"{place} reads the activation '{activation}' as a constant.");
        if (layer.Inputs.Length < layer.Operator.FewestInputs || layer.Inputs.Length > layer.Operator.MostInputs)
            throw Illegal($"{place} takes {Inputs(layer.Operator)}, but has {layer.Inputs.Length}.");
        if (layer.Constants.Length < layer.Operator.RequiredConstants || layer.Constants.Length > layer.Operator.ConstantRoles.Length)
            throw Illegal($"{place} takes {layer.Operator.RequiredConstants} to {layer.Operator.ConstantRoles.Length} constants ({string.Join(", ", layer.Operator.ConstantRoles)}), but has {layer.Constants.Length}.");
        try
        {
            return layer.Operator.Infer([.. layer.Inputs.Select(name => types[name])], [.. layer.Constants.Select(name => types[name])]);
        }
        catch (Exception error) when (error is GraphException or OverflowException)
        {
            throw Illegal($"{place}: {error.Message}", error);
        }

        GraphException Illegal(string message, Exception? inner = null) => new(message, inner!) { Subject = layer.Name };

        static string Inputs(Operator @operator) => (@operator.FewestInputs, @operator.MostInputs) switch
        {
            var (fewest, most) when fewest == most => $"{fewest} inputs",
            var (fewest, most) when most == int.MaxValue => $"{fewest} inputs or more",
            var (fewest, most) => $"{fewest} to {most} inputs",
        };
    }
}
