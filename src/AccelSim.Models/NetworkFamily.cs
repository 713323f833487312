using System.Collections.Immutable;
using System.Globalization;
using AccelSim.Graph;

namespace AccelSim.Models;

/// <summary>One network of the zoo with its options. <see cref="Build"/> gives its structure; weights come after.</summary>
public abstract class NetworkFamily
{
    /// <summary>The name on the command line, such as <c>mobilenet_v2</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The paper that defines it.</summary>
    public abstract string Citation { get; }

    /// <summary>All that it can be asked for, in the order in which a network's name shows it.</summary>
    public abstract ImmutableArray<NetworkOption> Options { get; }

    /// <exception cref="GraphException">The family has no such option, or the value is not allowed; the message says what is.</exception>
    public LayerGraph Build(NetworkOptions options)
    {
        var settings = Resolve(options);
        var builder = new GraphBuilder(Title(settings));
        string input = builder.Input(InputName, Input(settings));
        return builder.Build(Define(builder, input, settings));
    }

    /// <summary>What the input is called.</summary>
    protected virtual string InputName => "image";

    /// <summary>The shape of the input, outermost the batch.</summary>
    protected abstract Shape Input(NetworkSettings settings);

    /// <summary>Adds the layers from the input to the outputs and returns the outputs, the logits first.</summary>
    protected abstract IReadOnlyList<string> Define(GraphBuilder graph, string input, NetworkSettings settings);

    /// <summary>The default of an option, given the values of those before it.</summary>
    protected virtual string DefaultOf(NetworkOption option, IReadOnlyDictionary<string, string> earlier) => option.Default;

    private NetworkSettings Resolve(NetworkOptions asked)
    {
        var given = asked.ByName();
        if (given.Keys.FirstOrDefault(name => Options.All(option => !option.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } unknown)
            throw new GraphException($"{Name} has no option '{unknown}' (there are {string.Join("; ", Options.Select(option => $"{option.Name}: {option.Allowed}"))}).");
        if (asked.Batch < 1)
            throw new GraphException($"The batch must be at least 1, but is {asked.Batch}.");
        var values = new Dictionary<string, string>();
        foreach (var option in Options)
        {
            values[option.Name] = given.TryGetValue(option.Name, out string? value)
                ? option.Canonical(value) ?? throw new GraphException($"{Name} has no {option.Name} '{value}' (allowed: {option.Allowed}).")
                : DefaultOf(option, values);
        }
        return new NetworkSettings(values, asked.Batch);
    }

    /// <summary>The family's name, every option that is not at its default, and always width and resolution.</summary>
    private string Title(NetworkSettings settings) => string.Concat(Options.Select(option => option.Name switch
    {
        NetworkOption.Width => string.Create(CultureInfo.InvariantCulture, $"-{settings.Width:0.00##}"),
        NetworkOption.Resolution => $"-{settings[option.Name]}",
        NetworkOption.Classes => "",
        _ when settings[option.Name] == option.Default => "",
        NetworkOption.Variant => $"-{settings[option.Name]}",
        _ => $"-{option.Name}-{settings[option.Name]}",
    }).Prepend(Name));
}
