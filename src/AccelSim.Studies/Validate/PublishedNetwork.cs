using System.Collections.Concurrent;
using System.Globalization;
using AccelSim.Graph;
using AccelSim.Models;

namespace AccelSim.Studies.Validate;

/// <summary>A network of a published row: the graph that it names, or why there is none.</summary>
/// <param name="Graph">The structure, of the asked batch.</param>
/// <param name="Layer">What stands behind a slash in the name, such as <c>conv1</c>; null for the whole network.</param>
public sealed record PublishedNetwork(LayerGraph Graph, string? Layer)
{
    /// <summary>
    /// How far a network's MACs may be from what the row says: published counts round, leave out the classifier or squeeze-and-excite, or are of a draft (MobileNetV3-Small:
    /// 66 million, 57 in the paper). Pruned networks that go by the same name differ by more.
    /// </summary>
    private const double MacTolerance = 0.15;

    /// <summary>How much nearer in MACs a form must be for each option that it changes from the family's own choice: little for a published variant, more for another option.</summary>
    private const double MacsAVariant = 0.005, MacsAChange = 0.02;

    private static readonly ConcurrentDictionary<(string Family, string Options, int Batch), LayerGraph> Built = new();

    /// <summary>Names that the tables use beside the zoo's.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["inceptionv1"] = "googlenet",
        ["mnasnet10"] = "mnasnet",
        ["mobilenet"] = "mobilenetv1",
        ["nasnetmobile"] = "nasnetamobile",
        ["resnet200"] = "resnetv2",
    };

    /// <summary>Names that say a form beside the family: its words.</summary>
    private static readonly Dictionary<string, string> Forms = new(StringComparer.Ordinal)
    {
        ["resnet200"] = "200",
    };

    /// <summary>Short words of the tables for a value of an option.</summary>
    private static readonly Dictionary<string, (string Option, string Value)> Words = new(StringComparer.Ordinal)
    {
        ["bn"] = ("batch-norm", "on"),
        // One kind of box, and none.
        ["face"] = (NetworkOption.Classes, "2"),
    };

    /// <summary>
    /// Finds the network that a row names. The name is a family of the zoo and then values of its options: a width (<c>mobilenet_v2_1.4</c>) or a variant
    /// (<c>mobilenet_v3_small_minimalistic</c>). The variant column gives the image, and its count of operations chooses among forms of one name
    /// (ResNet-50 strides in one of three places).
    /// </summary>
    /// <param name="row">What was published.</param>
    /// <param name="batch">Images at once.</param>
    /// <exception cref="GraphException">There is no such network; the message says why.</exception>
    public static PublishedNetwork Of(PublishedRow row, int batch)
    {
        ArgumentNullException.ThrowIfNull(row);
        string[] path = row.Network.Split('/', 2);
        (NetworkFamily family, string[] rest) = FamilyOf(path[0]);
        Dictionary<string, string> options = OptionsOf(family, rest, row.Network);
        if (row.Variant.Image is { } image)
        {
            if (image.Height != image.Width)
                throw new GraphException(FormattableString.Invariant($"networks of the zoo take square images, not {image.Height}×{image.Width}"));
            options[NetworkOption.Resolution] = image.Height.ToString(CultureInfo.InvariantCulture);
        }
        LayerGraph graph = row.Variant.Macs is { } macs ? Nearest(family, options, macs, batch) : Build(family, options, batch);
        return new PublishedNetwork(graph, path is [_, var layer] ? layer : null);
    }

    private static (NetworkFamily Family, string[] Words) FamilyOf(string name)
    {
        string[] tokens = name.ToLowerInvariant().Split(['_', '-'], StringSplitOptions.RemoveEmptyEntries);
        for (int count = tokens.Length; count > 0; count--)
        {
            string joined = string.Concat(tokens[..count]);
            string wanted = Aliases.GetValueOrDefault(joined, joined);
            if (NetworkZoo.Families.FirstOrDefault(family => family.Name.Replace("_", "", StringComparison.Ordinal) == wanted) is { } found)
                return (found, Forms.TryGetValue(joined, out string? form) ? [form, .. tokens[count..]] : tokens[count..]);
        }
        throw new GraphException(name.Length == 0 ? "the row names no network" : $"there is no network '{name}' in the zoo");
    }

    private static Dictionary<string, string> OptionsOf(NetworkFamily family, string[] tokens, string name)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string token in tokens)
        {
            if (Words.TryGetValue(token, out var word) && family.Options.Any(option => option.Name == word.Option))
            {
                options[word.Option] = word.Value;
                continue;
            }
            string value = token.Trim('x') is { Length: > 0 } trimmed && double.TryParse(trimmed, CultureInfo.InvariantCulture, out _) ? trimmed : token;
            NetworkOption? takes = family.Options.FirstOrDefault(option =>
                option.Name is not (NetworkOption.Classes or NetworkOption.Resolution) && !options.ContainsKey(option.Name) && option.Canonical(value) is not null);
            options[(takes ?? throw new GraphException($"the zoo's {family.Name} has no form '{token}' (in '{name}')")).Name] = value;
        }
        return options;
    }

    private static LayerGraph Nearest(NetworkFamily family, Dictionary<string, string> asked, double macs, int batch)
    {
        IEnumerable<Dictionary<string, string>> forms = [asked];
        foreach (ChoiceOption choice in family.Options.OfType<ChoiceOption>().Where(option => option.Name != NetworkOption.Width && !asked.ContainsKey(option.Name)))
            forms = [.. forms.SelectMany(form => choice.Values.Select(value => new Dictionary<string, string>(form) { [choice.Name] = value }))];
        // Some tables give multiply-accumulates in the column of operations.
        double Distance(LayerGraph graph) => Math.Min(Math.Abs(Ratio(graph) - 1), Math.Abs(Ratio(graph) / 2 - 1));
        double Ratio(LayerGraph graph) => graph.TotalCost().Macs / (batch * macs);
        double Changes(Dictionary<string, string> form) => family.Options
            .Where(option => option.Name != NetworkOption.Resolution && form.TryGetValue(option.Name, out string? value) && value != option.Default)
            .Sum(option => option.Name == NetworkOption.Variant ? MacsAVariant : MacsAChange);
        LayerGraph nearest = forms.Select(form => (Graph: Build(family, form, batch), Changes: Changes(form))).MinBy(form => Distance(form.Graph) + form.Changes).Graph;
        return Distance(nearest) <= MacTolerance
            ? nearest
            : throw new GraphException(string.Create(
                CultureInfo.InvariantCulture,
                $"the row's network has {macs / 1e9:g3} billion MACs, and the nearest form of the zoo's {family.Name} has {nearest.TotalCost().Macs / (1e9 * batch):g3}"));
    }

    private static LayerGraph Build(NetworkFamily family, Dictionary<string, string> options, int batch) => Built.GetOrAdd(
        (family.Name, string.Join(';', options.OrderBy(option => option.Key, StringComparer.Ordinal)), batch),
        _ => family.Build(new NetworkOptions(Batch: batch, Named: options)));
}
