using AccelSim.Graph;
using AccelSim.Graph.Serialization;
using AccelSim.Models;
using AccelSim.Tests.Conformance;
using AccelSim.Tests.Models;

namespace AccelSim.Tests.Graph;

/// <summary>Graphs survive YAML without loss, and bad files are refused with the place and the remedy.</summary>
public sealed class GraphYamlTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("accelsim-yaml-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_random_layer_round_trips_with_its_weights()
    {
        foreach (string @operator in RandomCase.FloatOperators)
        {
            for (int seed = 0; seed < 8; seed++)
            {
                RoundTrip(RandomCase.Float(@operator, seed).Graph);
                if (RandomCase.IntegerOperators.Contains(@operator))
                    RoundTrip(RandomCase.Integer(@operator, seed).Graph);
            }
        }
    }

    [Fact]
    public void Every_network_of_the_zoo_round_trips()
    {
        foreach (var (family, options) in ZooVariants.All)
            RoundTrip(NetworkZoo.Find(family).Build(options));
        RoundTrip(NetworkZoo.Find("lenet5").Build(new NetworkOptions("1998")).WithSeededWeights(1));
    }

    [Theory]
    [InlineData("operator: Add", "operator: Ad", "line 9: 'Ad' is not an operator (there are Activation, ActivationGradient, Add, ")]
    [InlineData("clamp: Relu6", "clamp: Relu7", "line 12: 'Relu7' is not one of None, Relu, Relu6.")]
    [InlineData("clamp: Relu6", "clamp: 2", "line 12: '2' is not one of None, Relu, Relu6.")]
    [InlineData("name: pair", "name: &a [*a]", "line 2: not YAML: anchors and aliases are not read: write the value out where it is needed")]
    [InlineData("clamp: Relu6", "klamp: Relu6", "line 12: 'klamp' is not a key of Add (allowed: clamp, integer).")]
    [InlineData("shape: [1, 2, 3, 3]", "shape: [1, 2, 3, 0]", "line 4: A shape's extents must be at least 1, but 1×2×3×0 has 0.")]
    [InlineData("accelsim: 1", "accelsim: 2", "line 1: format version '2' is not supported (this program reads version 1).")]
    [InlineData("outputs: [sum]", "output: [sum]", "line 13: 'output' is not a key here (allowed: accelsim, name, weights, inputs, constants, layers, outputs).")]
    [InlineData("outputs: [sum]", "outputs: sum", "line 13: a list of names is expected.")]
    public void A_bad_file_is_refused_with_its_line(string good, string bad, string message)
    {
        string path = Path.Combine(_folder.FullName, "bad.yaml");
        const string text = """
            accelsim: 1
            name: pair
            inputs:
            - {name: a, element: Float32, shape: [1, 2, 3, 3]}
            - {name: b, element: Float32, shape: [1, 2, 3, 3]}
            constants: []
            layers:
            - name: sum
              operator: Add
              inputs: [a, b]
              attributes:
                clamp: Relu6
            outputs: [sum]
            """;
        File.WriteAllText(path, text);
        Assert.Equal("sum", GraphYaml.Load(path).Outputs.Single());
        File.WriteAllText(path, text.Replace(good, bad, StringComparison.Ordinal));
        Assert.StartsWith($"{path}, {message}", Assert.Throws<GraphException>(() => GraphYaml.Load(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Recursion that deep would end the process.</summary>
    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("? ")]
    public void Deep_nesting_is_refused(string opening)
    {
        string path = Path.Combine(_folder.FullName, "deep.yaml");
        File.WriteAllText(path, "accelsim: 1\nname:\n  " + string.Concat(Enumerable.Repeat(opening, 100_000)));
        Assert.Contains("nests deeper than 32 levels", Assert.Throws<GraphException>(() => GraphYaml.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_file_are_refused()
    {
        string path = Path.Combine(_folder.FullName, "net.yaml"), weights = Path.ChangeExtension(path, ".weights");
        GraphYaml.Save(RandomCase.Float("pointwise", 1).Graph, path);
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[0] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.Contains("SHA-256 differs", Assert.Throws<GraphException>(() => GraphYaml.Load(path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(weights, bytes[1..]);
        Assert.Contains($"has {bytes.Length - 1} bytes, but the constants need {bytes.Length}", Assert.Throws<GraphException>(() => GraphYaml.Load(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, File.ReadAllText(path).Replace("file: net.weights", "file: ../net.weights", StringComparison.Ordinal));
        Assert.Contains("must stand beside the graph", Assert.Throws<GraphException>(() => GraphYaml.Load(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Bytes are changed, dropped and repeated at random: a graph or one of our errors, never anything else.</summary>
    [Fact]
    public void Mutated_files_are_refused_or_legal()
    {
        string path = Path.Combine(_folder.FullName, "mutant.yaml");
        byte[] original = System.Text.Encoding.UTF8.GetBytes(GraphYaml.Text(RandomCase.Integer("convolution", 3).Graph));
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            var bytes = original.ToList();
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(32, 127); break;
                    case 1: bytes.RemoveAt(at); break;
                    case 2: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 40)))); break;
                    default: bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 200))); break;
                }
            }
            File.WriteAllBytes(path, [.. bytes]);
            try
            {
                Assert.NotNull(GraphYaml.Load(path));
            }
            catch (GraphException)
            {
            }
        }
    }

    private void RoundTrip(LayerGraph graph)
    {
        string path = Path.Combine(_folder.FullName, "graph.yaml");
        GraphYaml.Save(graph, path);
        var read = GraphYaml.Load(path);
        Assert.Equal(GraphYaml.Text(graph), GraphYaml.Text(read));
        foreach (var constant in graph.Constants.Values.Where(constant => constant.Data is not null))
        {
            var other = read.Constants[constant.Name].Value;
            Assert.True(constant.Type.Element switch
            {
                ElementType.Int8 => other.Int8.SequenceEqual(constant.Value.Int8),
                ElementType.Int32 => other.Int32.SequenceEqual(constant.Value.Int32),
                _ => other.Float32.SequenceEqual(constant.Value.Float32),
            }, $"{constant.Name} of {graph.Name} changed");
        }
    }
}
