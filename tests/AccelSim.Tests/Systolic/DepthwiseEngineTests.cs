using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Tests.Systolic;

/// <summary>The closed form of the depthwise engine against one that is stepped: windows, weight registers, product registers, tree levels and accumulators.</summary>
public sealed class DepthwiseEngineTests
{
    [Fact]
    public void A_stepped_engine_computes_the_layer_and_counts_what_the_closed_form_says()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var (kernel, stride, dilation) = (Size(random, 4), Size(random, 3), Size(random, 3));
            int channels = random.Next(2, 9);
            var layer = new LayerGeometry(random.Next(1, 3), channels, channels, channels * random.Next(1, 3), Size(random, 6), kernel, stride, dilation);
            var engine = new DepthwiseEngine(random.Next(1, 7), random.Next(1, 12));
            var mapping = new DepthwiseEngineMapping(layer, engine);
            var stepped = new SteppedEngine(layer, engine, random);
            stepped.Run();
            string where = $"seed {seed}: {layer} on {engine}";
            Assert.True(stepped.OutputsAreRight, $"outputs differ, {where}");
            Assert.True(stepped.Cycle == mapping.Cycles.Total, $"{stepped.Cycle} cycles stepped, {mapping.Cycles.Total} predicted, {where}");
            Assert.True(stepped.Products == mapping.Work.Macs, $"{stepped.Products} products of {mapping.Work.Macs}, {where}");
            var counted = new ArrayTraffic(stepped.InputReads, stepped.WeightReads, stepped.Writes, 0);
            Assert.True(counted == mapping.Edge, $"{counted} stepped, {mapping.Edge} predicted, {where}");
        }
    }

    private static Size2 Size(Random random, int most) => new(random.Next(1, most + 1), random.Next(1, most + 1));

    // All lanes do the same at the same time, so each stage holds one value a lane.
    private sealed class SteppedEngine
    {
        private readonly LayerGeometry _layer;
        private readonly DepthwiseEngine _engine;
        private readonly int[,,,] _image;
        private readonly int[,] _weights;
        private readonly int _depth;
        private readonly int _chunks;

        // The pipeline behind the multipliers: one stage of products, the levels of the tree, and the accumulators at its end.
        private readonly Queue<Stage?> _pipeline = new();
        private readonly Dictionary<(int Channel, int Pixel), int> _outputs = [];
        private readonly HashSet<(int Image, int Row, int Column)>[] _windows;

        public SteppedEngine(LayerGeometry layer, DepthwiseEngine engine, Random random)
        {
            (_layer, _engine) = (layer, engine);
            _depth = layer.Kernel.Height * layer.Kernel.Width;
            _chunks = (int)Math.Ceiling(_depth / (double)engine.Taps);
            int height = (layer.Output.Height - 1) * layer.Stride.Height + (layer.Kernel.Height - 1) * layer.Dilation.Height + 1;
            int width = (layer.Output.Width - 1) * layer.Stride.Width + (layer.Kernel.Width - 1) * layer.Dilation.Width + 1;
            _image = new int[layer.Batch, layer.InputChannels, height, width];
            for (int i = 0; i < _image.Length; i++)
                _image[i / (layer.InputChannels * height * width), i / (height * width) % layer.InputChannels, i / width % height, i % width] = random.Next(-128, 128);
            _weights = new int[layer.OutputChannels, _depth];
            for (int i = 0; i < _weights.Length; i++)
                _weights[i / _depth, i % _depth] = random.Next(-255, 256);
            _windows = [.. Enumerable.Range(0, engine.Channels).Select(_ => new HashSet<(int, int, int)>())];
            int levels = 0;
            while (1 << levels < engine.Taps)
                levels++;
            for (int i = 0; i < levels; i++)
                _pipeline.Enqueue(null);
        }

        private sealed record Stage(int Block, int Pixel, bool Begins, bool Ends, int[] Sums);

        public long Cycle { get; private set; }

        public long Products { get; private set; }

        public long InputReads { get; private set; }

        public long WeightReads { get; private set; }

        public long Writes { get; private set; }

        public bool OutputsAreRight
        {
            get
            {
                for (int channel = 0; channel < _layer.OutputChannels; channel++)
                {
                    for (int pixel = 0; pixel < _layer.Work.Pixels; pixel++)
                    {
                        int sum = Enumerable.Range(0, _depth).Sum(tap => At(channel, pixel, tap) * _weights[channel, tap]);
                        if (_outputs[(channel, pixel)] != sum)
                            return false;
                    }
                }
                return _outputs.Count == _layer.OutputChannels * _layer.Work.Pixels;
            }
        }

        public void Run()
        {
            int blocks = (int)Math.Ceiling(_layer.OutputChannels / (double)_engine.Channels);
            // What is at work, and what is being loaded: block and step.
            (int block, int pixel, int chunk) = (0, 0, 0);
            (int loading, int loadStep) = (0, 0);
            int[] accumulators = new int[_engine.Channels];
            Stage? products = null;
            while (_outputs.Count < _layer.OutputChannels * _layer.Work.Pixels)
            {
                // The accumulators take what leaves the tree, the tree what leaves the product registers.
                _pipeline.Enqueue(products);
                Stage? summed = _pipeline.Dequeue();
                if (summed is not null)
                    Accumulate(summed, accumulators);
                products = null;
                bool isLoaded = block < loading;
                // A second set of weight registers: the next block's come in while this one is at work, at most one block ahead.
                if (loading < blocks && loading <= block + (isLoaded ? 1 : 0))
                {
                    foreach (int channel in Lanes(loading))
                        WeightReads += Math.Min(_engine.Taps, _depth - loadStep * _engine.Taps);
                    (loading, loadStep) = loadStep + 1 == _chunks ? (loading + 1, 0) : (loading, loadStep + 1);
                }
                if (isLoaded && block < blocks)
                {
                    products = Multiply(block, pixel, chunk);
                    if (++chunk == _chunks)
                        (chunk, pixel) = (0, pixel + 1);
                    if (pixel == _layer.Work.Pixels)
                        (pixel, block) = (0, block + 1);
                }
                Cycle++;
            }
        }

        private IEnumerable<int> Lanes(int block) =>
            Enumerable.Range(block * _engine.Channels, Math.Min(_engine.Channels, _layer.OutputChannels - block * _engine.Channels));

        private Stage Multiply(int block, int pixel, int chunk)
        {
            int[] sums = new int[_engine.Channels];
            foreach (int channel in Lanes(block))
            {
                int lane = channel % _engine.Channels;
                if (chunk == 0)
                    SlideWindow(lane, pixel);
                for (int tap = chunk * _engine.Taps; tap < Math.Min(_depth, (chunk + 1) * _engine.Taps); tap++)
                {
                    sums[lane] += At(channel, pixel, tap) * _weights[channel, tap];
                    Products++;
                }
            }
            return new Stage(block, pixel, chunk == 0, chunk == _chunks - 1, sums);
        }

        // What the window does not hold yet is read; it holds one window, and nothing when a row begins.
        private void SlideWindow(int lane, int pixel)
        {
            if (pixel % _layer.Output.Width == 0)
                _windows[lane].Clear();
            HashSet<(int, int, int)> wanted = [.. Enumerable.Range(0, _depth).Select(tap => Place(pixel, tap))];
            InputReads += wanted.Count(place => !_windows[lane].Contains(place));
            _windows[lane] = wanted;
        }

        private void Accumulate(Stage stage, int[] accumulators)
        {
            foreach (int channel in Lanes(stage.Block))
            {
                int lane = channel % _engine.Channels;
                accumulators[lane] = (stage.Begins ? 0 : accumulators[lane]) + stage.Sums[lane];
                if (stage.Ends)
                {
                    _outputs[(channel, stage.Pixel)] = accumulators[lane];
                    Writes++;
                }
            }
        }

        private int At(int channel, int pixel, int tap)
        {
            (int image, int row, int column) = Place(pixel, tap);
            return _image[image, channel / (_layer.OutputChannels / _layer.InputChannels), row, column];
        }

        private (int Image, int Row, int Column) Place(int pixel, int tap)
        {
            (int line, int x) = Math.DivRem(pixel, _layer.Output.Width);
            (int image, int y) = Math.DivRem(line, _layer.Output.Height);
            return (
                image,
                y * _layer.Stride.Height + tap / _layer.Kernel.Width * _layer.Dilation.Height,
                x * _layer.Stride.Width + tap % _layer.Kernel.Width * _layer.Dilation.Width);
        }
    }
}
