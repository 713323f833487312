using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Models;
using AccelSim.Reference;
using AccelSim.Tests.Models.Onnx;

namespace AccelSim.Tests.Docs;

/// <summary>docs/yaml-networks.md says what the program does: its example loads and runs, its table has every operator.</summary>
public sealed partial class YamlNetworksTests : IDisposable
{
    private static readonly string Document = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "yaml-networks.md"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("accelsim-docs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_example_loads_runs_and_exports()
    {
        var graph = GraphYaml.Load(Saved(Example())).WithSeededWeights(1);
        Assert.Equal(Shape.Of(1, 10), graph.TypeOf("classifier").Shape);
        Assert.Equal(Shape.Of(1, 48, 16, 16), graph.TypeOf("branches").Shape);
        Assert.Equal(Shape.Of(16, 1, 3, 3), graph.TypeOf("depthwise/weight").Shape);
        var image = Tensor.Of(Shape.Of(1, 3, 32, 32), [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => i % 17 / 8f - 1)]);
        var inputs = new Dictionary<string, Tensor> { ["image"] = image };
        using var reference = new ReferenceBackend(doublePrecision: true).Compile(graph);
        using var other = new OnnxRuntimeBackend().Compile(graph);
        var (expected, actual) = (reference.Run(inputs, cancellation: TestContext.Current.CancellationToken)["classifier"].Float32.ToArray(), other.Run(inputs, cancellation: TestContext.Current.CancellationToken)["classifier"].Float32.ToArray());
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [InlineData("outputs: 16, attributes: {kernel: 3, stride: 2", "attributes: {kernel: 3, stride: 2", "layer 'stem' (Convolution) needs 'outputs', how many it has, or 'constants' that are declared above.")]
    [InlineData("operator: BatchNormalization}", "operator: BatchNormalization, outputs: 3}", "'outputs' is not a key of BatchNormalization, whose outputs follow from its inputs.")]
    [InlineData("operator: Flatten}", "operator: Flatten, bias: true}", "'bias' is not a key of Flatten.")]
    [InlineData("groups: 16}", "groups: 5}", "layer 'depthwise' (Convolution): 5 groups do not divide 16 input channels.")]
    [InlineData("inputs: [pointwise/relu, expand/gate]", "inputs: [pointwise/relu, expand/gat]", "Layer 'scale' (Multiply) of 'small-cnn' reads 'expand/gat', which no input, constant or earlier layer produces.")]
    [InlineData("inputs: [pointwise/relu, expand/gate]}", "}", "layer 'scale' needs 'inputs': Multiply reads 2 values.")]
    [InlineData("kernel: [1, 5]", "kernel: [1, 5, 3]", "a size is one number for a square, or [height, width].")]
    [InlineData("name: reduce/relu", "name: stem/relu", "The graph 'small-cnn' has two values named 'stem/relu'.")]
    [InlineData("inputs: [wide, pooled], attributes: {axis: 1}", "inputs: [wide, squeeze], attributes: {axis: 1}", "Layer 'branches' (Concat) of 'small-cnn': The operands 1×16×16×16 and 1×32×1×1 differ beside the axis 1.")]
    [InlineData("outputs: [classifier]", "outputs: [image]", "the output 'image' is not a layer.")]
    public void A_broken_example_is_refused_with_the_line_of_the_layer(string good, string bad, string message)
    {
        string[] lines = Example().Split('\n');
        int line = Array.FindIndex(lines, text => text.Contains(good, StringComparison.Ordinal));
        lines[line] = lines[line].Replace(good, bad, StringComparison.Ordinal);
        string path = Saved(string.Join('\n', lines));
        Assert.Equal($"{path}, line {line + 1}: {message}", Assert.Throws<GraphException>(() => GraphYaml.Load(path)).Message);
    }

    [Fact]
    public void The_table_has_every_operator_with_its_attributes_and_constants()
    {
        var rows = Row().Matches(Document).ToDictionary(match => match.Groups[1].Value, match => match.Groups);
        Assert.Equal(OperatorCatalog.Types.Keys.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, type) in OperatorCatalog.Types)
        {
            var parameters = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();
            string attributes = string.Join(", ", parameters.Where(parameter => parameter.Name != "Integer").Select(Attribute));
            Assert.True(attributes == rows[name][4].Value.Replace("`", "", StringComparison.Ordinal), $"the attributes of {name} are: {attributes}");
            var @operator = (Operator)RuntimeHelpers.GetUninitializedObject(type);
            string constants = string.Join(", ", @operator.ConstantRoles.Select((role, i) => i < @operator.RequiredConstants ? role : $"[{role}]"));
            Assert.True(constants == rows[name][3].Value, $"the constants of {name} are: {constants}");
            string inputs = @operator.MostInputs == int.MaxValue ? $"{@operator.FewestInputs} or more" : @operator.MostInputs == @operator.FewestInputs ? $"{@operator.FewestInputs}" : $"{@operator.FewestInputs} to {@operator.MostInputs}";
            Assert.True(inputs == rows[name][2].Value, $"the inputs of {name} are: {inputs}");
        }

        static string Attribute(ParameterInfo parameter)
        {
            string key = char.ToLowerInvariant(parameter.Name![0]) + parameter.Name[1..];
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            string values = type.IsEnum ? $" ({string.Join(" ", Enum.GetNames(type))})" : "";
            return parameter.HasDefaultValue ? $"[{key}]{values}" : key + values;
        }
    }

    private static string Example() => Fence().Match(Document).Groups[1].Value;

    private string Saved(string text)
    {
        string path = Path.Combine(_folder.FullName, "net.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\| `(\w+)` \| ([^|]*) \| ([^|]*?) \| ?([^|]*?) ?\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
