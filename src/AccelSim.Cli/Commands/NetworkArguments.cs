using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;

namespace AccelSim.Cli.Commands;

/// <summary>The options that choose a variant of a network, the same for every command.</summary>
internal sealed class NetworkArguments
{
    public const string NetworkHelp = "A network of the zoo (accelsim models lists them), or a file: ONNX or a graph's YAML";

    /// <summary>The options that have a flag of their own.</summary>
    private static readonly ImmutableArray<string> Flags = [NetworkOption.Variant, NetworkOption.Width, NetworkOption.Resolution, NetworkOption.Classes];

    public Option<string?> Variant { get; } = new("--variant") { Description = "A variant of the family (accelsim models lists them)" };

    public Option<double?> Width { get; } = new("--width") { Description = "Width multiplier, where the family has one" };

    public Option<int?> Resolution { get; } = new("--resolution") { Description = "Height and width of the image" };

    public Option<int?> Classes { get; } = new("--classes") { Description = "Outputs of the classifier" };

    public Option<string[]> Named { get; } = new("--option")
    {
        Description = "Any other option of the family as name=value, such as stride=1x1 (accelsim models lists them); may be repeated",
        DefaultValueFactory = _ => [],
    };

    public Option<string[]> Dimension { get; } = new("--dim")
    {
        Description = "The extent of an ONNX file's symbolic dimension as name=extent, such as N=1; may be repeated",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Variant);
        command.Options.Add(Width);
        command.Options.Add(Resolution);
        command.Options.Add(Classes);
        command.Options.Add(Named);
        command.Options.Add(Dimension);
    }

    /// <exception cref="GraphException">A --dim is not name=extent, or is repeated.</exception>
    public IReadOnlyDictionary<string, int> Dimensions(ParseResult result)
    {
        var dimensions = new Dictionary<string, int>();
        foreach (string given in result.GetValue(Dimension)!)
        {
            if (given.LastIndexOf('=') is not (> 0 and var at) || !int.TryParse(given.AsSpan(at + 1), CultureInfo.InvariantCulture, out int extent) || extent < 1)
                throw new GraphException($"--dim {given} is not name=extent with an extent of at least 1, such as N=1.");
            if (!dimensions.TryAdd(given[..at], extent))
                throw new GraphException($"--dim {given[..at]} is given twice: {dimensions[given[..at]]} and {extent}.");
        }
        return dimensions;
    }

    /// <exception cref="GraphException">An --option is not name=value, is repeated, or has a flag of its own.</exception>
    public NetworkOptions Read(ParseResult result, int batch = 1)
    {
        var named = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string given in result.GetValue(Named)!)
        {
            if (given.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } value])
                throw new GraphException($"--option {given} is not name=value, such as stride=1x1.");
            if (Flags.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new GraphException($"--option {given} has a flag of its own: write --{name.ToLowerInvariant()} {value}.");
            if (!named.TryAdd(name, value))
                throw new GraphException($"--option {name} is given twice: {named[name]} and {value}.");
        }
        return new NetworkOptions(result.GetValue(Variant), result.GetValue(Width), result.GetValue(Resolution), result.GetValue(Classes), batch, named);
    }

    /// <summary>The words of a command line that give an option its value.</summary>
    public static ImmutableArray<string> Words(NetworkOption option, string value) =>
        Flags.Contains(option.Name) ? [$"--{option.Name}", value] : ["--option", $"{option.Name}={value}"];
}
