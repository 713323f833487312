using AccelSim.Graph;
using AccelSim.Models;
using AccelSim.Models.Data;

namespace AccelSim.Studies.Learning;

/// <summary>How a restricted Boltzmann machine learned.</summary>
/// <param name="Visible">Visible units.</param>
/// <param name="Hidden">Hidden units.</param>
/// <param name="Images">Images of an epoch.</param>
/// <param name="Errors">Mean squared reconstruction error of each epoch, of pixels in [0, 1].</param>
public sealed record BoltzmannResult(int Visible, int Hidden, int Images, IReadOnlyList<double> Errors);

/// <summary>
/// CD-1 (Hinton, "Training Products of Experts by Minimizing Contrastive Divergence", Neural Computation 14, 2002) as a layer graph, so that any backend executes it and says what it costs:
/// three half Gibbs steps, two outer products, an update. Random decisions come in as uniform numbers.
/// </summary>
public static class ContrastiveDivergence
{
    private const double LearningRate = 0.1;

    /// <summary>The step's inputs.</summary>
    internal const string Visible = "visible", Uniform = "uniform", Weight = "weight", HiddenBias = "hidden_bias", VisibleBias = "visible_bias";

    /// <summary>The step's outputs: new values of the three, and the error.</summary>
    internal const string NewWeight = "weight/new", NewHiddenBias = "hidden_bias/new", NewVisibleBias = "visible_bias/new", Error = "error";

    /// <summary>One step of CD-1: w += rate ÷ N · (p(h|v)ᵀ·v − p(h|v')ᵀ·v') where v' is reconstructed from sampled hidden units, and likewise the biases.</summary>
    /// <param name="batch">N, images a step.</param>
    /// <param name="visible">Pixels.</param>
    /// <param name="hidden">Hidden units.</param>
    /// <param name="rate">Learning rate.</param>
    public static LayerGraph Step(int batch, int visible, int hidden, double rate = LearningRate)
    {
        var layers = new List<Layer>();
        string[] machine = [Weight, HiddenBias, VisibleBias];
        string up = Boltzmann("up", Visible, downward: false);
        string sampled = Add("sample", new Activation(ActivationKind.Step), Add("sample/margin", new Arithmetic(ArithmeticKind.Subtract), up, Uniform));
        string down = Boltzmann("reconstruction", sampled, downward: true);
        string again = Boltzmann("up_again", down, downward: false);
        string weightChange = Minus("weight/change", Outer("weight/data", up, Visible), Outer("weight/model", again, down));
        Update(NewWeight, Weight, weightChange);
        Update(NewHiddenBias, HiddenBias, Sum("hidden_bias/change", Minus("hidden_bias/difference", up, again)));
        string missing = Minus("visible_bias/difference", Visible, down);
        Update(NewVisibleBias, VisibleBias, Sum("visible_bias/change", missing));
        string squared = Add("error/squared", new Multiply(), missing, missing);
        Add(Error, new Reshape([1]), Add("error/mean", new Reduce(ReduceKind.Mean, [0, 1]), squared));
        return new LayerGraph(
            $"rbm-{visible}-{hidden}-cd1",
            [
                Input(Visible, batch, visible), Input(Uniform, batch, hidden), Input(Weight, hidden, visible), Input(HiddenBias, hidden), Input(VisibleBias, visible),
            ],
            [], layers, [NewWeight, NewHiddenBias, NewVisibleBias, Error]);

        string Boltzmann(string name, string units, bool downward)
        {
            layers.Add(new Layer(name, new BoltzmannLayer(downward), [units], [.. machine]));
            return name;
        }

        string Add(string name, Operator @operator, params string[] inputs)
        {
            layers.Add(new Layer(name, @operator, [.. inputs], []));
            return name;
        }

        string Minus(string name, string a, string b) => Add(name, new Arithmetic(ArithmeticKind.Subtract), a, b);

        string Outer(string name, string hiddenUnits, string visibleUnits) => Add(name, new MatrixProduct(TransposeA: true), hiddenUnits, visibleUnits);

        string Sum(string name, string each) => Add(name, new Reduce(ReduceKind.Sum, [0], KeepDimensions: false), each);

        void Update(string name, string old, string change) =>
            Add(name, new Add(), old, Add($"{name}/scaled", new Activation(ActivationKind.Affine, Alpha: rate / batch), change));

        static GraphInput Input(string name, params int[] extents) => new(name, new TensorType(ElementType.Float32, Shape.Of(extents)));
    }

    /// <summary>Trains on pixels ÷ 255.</summary>
    /// <param name="images">To learn.</param>
    /// <param name="hidden">Hidden units.</param>
    /// <param name="epochs">Times over the images.</param>
    /// <param name="backend">Executes the steps.</param>
    /// <param name="batch">Images a step; what is left over of an epoch waits for the next.</param>
    /// <param name="seed">Of weights, order and decisions.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static BoltzmannResult Train(
        GreyImages images, int hidden, int epochs, IBackend backend, int batch = 32, int seed = 1,
        IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (hidden < 1 || epochs < 1 || batch < 1 || images.Count < batch)
            throw new GraphException($"Hidden units, epochs and batch must be at least 1 and there must be images for a batch, but they are {hidden}, {epochs}, {batch} and {images.Count}.");
        int visible = images.Height * images.Width, steps = images.Count / batch;
        using var executor = backend.Compile(Step(batch, visible, hidden));
        var state = new Dictionary<string, Tensor>
        {
            // Small weights (Hinton, "A Practical Guide to Training Restricted Boltzmann Machines", 2012, section 8).
            [Weight] = Scaled(NormalNumbers.Tensor(Shape.Of(hidden, visible), (ulong)seed), 0.01f),
            [HiddenBias] = Tensor.Of(Shape.Of(hidden), new float[hidden]),
            [VisibleBias] = Tensor.Of(Shape.Of(visible), new float[visible]),
        };
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, images.Count)];
        var errors = new List<double>();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            double sum = 0;
            for (int step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                state[Visible] = Pixels(images, order.AsSpan(step * batch, batch));
                state[Uniform] = Tensor.Of(Shape.Of(batch, hidden), [.. Enumerable.Range(0, batch * hidden).Select(_ => random.NextSingle())]);
                var result = executor.Run(state, cancellation: cancellation);
                (state[Weight], state[HiddenBias], state[VisibleBias]) = (result[NewWeight], result[NewHiddenBias], result[NewVisibleBias]);
                sum += result[Error].Float32[0];
                progress?.Report(new StudyProgress("rbm", epoch * steps + step + 1, epochs * steps, FormattableString.Invariant($"epoch {epoch + 1}, error {sum / (step + 1):f4}")));
            }
            errors.Add(sum / steps);
        }
        return new BoltzmannResult(visible, hidden, steps * batch, errors);
    }

    private static Tensor Pixels(GreyImages images, ReadOnlySpan<int> chosen)
    {
        int size = images.Height * images.Width;
        var data = new float[chosen.Length * size];
        for (int n = 0; n < chosen.Length; n++)
        {
            for (int y = 0; y < images.Height; y++)
            {
                var row = images.Row(chosen[n], y);
                for (int x = 0; x < row.Length; x++)
                    data[n * size + y * images.Width + x] = row[x] / 255f;
            }
        }
        return Tensor.Of(Shape.Of(chosen.Length, size), data);
    }

    private static Tensor Scaled(Tensor tensor, float factor) => Tensor.Of(tensor.Shape, Array.ConvertAll(tensor.Float32.ToArray(), value => factor * value));
}
