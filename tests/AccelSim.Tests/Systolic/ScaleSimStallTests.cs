using AccelSim.Systolic;
using AccelSim.Systolic.ScaleSim;

namespace AccelSim.Tests.Systolic;

/// <summary>Our own stalls of limited bandwidth against a machine that steps every cycle and moves every word.</summary>
public sealed class ScaleSimStallTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_layers_wait_as_long_as_a_machine_that_is_stepped(int seed)
    {
        var random = new Random(seed);
        long waited = 0;
        for (int i = 0; i < 150; i++)
        {
            var dataflow = (Dataflow)random.Next(3);
            int filterHeight = random.Next(1, 4), filterWidth = random.Next(1, 4);
            var layer = new ScaleSimConvolution(
                filterHeight + random.Next(8), filterWidth + random.Next(8), filterHeight, filterWidth, random.Next(1, 6), random.Next(1, 20), random.Next(1, 4), random.Next(1, 4));
            var array = new ScaleSimConfiguration("test", random.Next(1, 7), random.Next(1, 7), random.Next(40, 200), random.Next(40, 200), random.Next(40, 200), dataflow, random.Next(1, 6));
            var report = ScaleSimCounting.Count(layer, array, TestContext.Current.CancellationToken);
            var (cycles, stalls) = new SteppedMachine(layer, array).Run();
            Assert.True(report.TotalCycles == cycles - 1 && report.StallCycles == stalls,
                $"seed {seed}, case {i}: {layer} on {array}: {cycles - 1} cycles and {stalls} stalls when stepped, {report.TotalCycles} and {report.StallCycles} counted");
            waited += stalls;
            var fast = ScaleSimCounting.Count(layer, array with { WordsPerCycle = ScaleSimConfiguration.FastestDram }, TestContext.Current.CancellationToken);
            Assert.InRange(fast.StallCycles, 0, report.StallCycles);
        }
        Assert.True(waited > 1000, $"only {waited} stalls in all: the cases test nothing");
    }

    /// <summary>Written for clarity: the whole demand as lists, then a clock.</summary>
    private sealed class SteppedMachine
    {
        private readonly List<long>[] _inputs;
        private readonly List<long>[] _filters;
        private readonly int[] _outputs;
        private readonly ScaleSimConfiguration _array;

        public SteppedMachine(ScaleSimConvolution layer, ScaleSimConfiguration array)
        {
            _array = array;
            int pixels = (int)layer.Pixels, depth = (int)layer.Depth, filters = layer.Filters;
            bool holdsOutputs = array.Dataflow == Dataflow.OutputStationary;
            (int rowAxis, int columnAxis, int steps) = array.Dataflow switch
            {
                Dataflow.OutputStationary => (pixels, filters, depth),
                Dataflow.WeightStationary => (depth, filters, pixels),
                _ => (depth, pixels, filters),
            };
            int fold = steps + (holdsOutputs ? 1 : 2) * array.Rows + array.Columns - 2;
            int folds = (rowAxis + array.Rows - 1) / array.Rows * ((columnAxis + array.Columns - 1) / array.Columns);
            _inputs = [.. Enumerable.Range(0, fold * folds).Select(_ => new List<long>())];
            _filters = [.. Enumerable.Range(0, fold * folds).Select(_ => new List<long>())];
            _outputs = new int[fold * folds];
            int start = 0;
            for (int c0 = 0; c0 < columnAxis; c0 += array.Columns)
            {
                for (int r0 = 0; r0 < rowAxis; r0 += array.Rows, start += fold)
                {
                    for (int r = 0; r < array.Rows && r0 + r < rowAxis; r++)
                    {
                        for (int t = 0; t < steps; t++)
                        {
                            if (holdsOutputs)
                                _inputs[start + t + r].Add(Image(r0 + r, t));
                            else if (array.Dataflow == Dataflow.WeightStationary)
                                _inputs[start + array.Rows + t + r].Add(Image(t, r0 + r));
                            else
                                _filters[start + array.Rows + t + r].Add(Filter(t, r0 + r));
                        }
                    }
                    for (int c = 0; c < array.Columns && c0 + c < columnAxis; c++)
                    {
                        for (int t = 0; t < steps; t++)
                        {
                            if (holdsOutputs)
                                _filters[start + t + c].Add(Filter(c0 + c, t));
                            else
                                _outputs[start + 2 * array.Rows - 1 + t + c]++;
                        }
                        for (int r = 0; r < array.Rows && r0 + r < rowAxis; r++)
                        {
                            int row = start + array.Rows - 1 - r;
                            if (holdsOutputs)
                                _outputs[row + steps - 1 + c]++;
                            else if (array.Dataflow == Dataflow.WeightStationary)
                                _filters[row].Add(Filter(c0 + c, r0 + r));
                            else
                                _inputs[row].Add(Image(c0 + c, r0 + r));
                        }
                    }
                }
            }

            long Image(int pixel, int position)
            {
                int y = pixel / layer.OutputWidth * layer.StrideHeight + position / layer.Channels / layer.FilterWidth;
                int x = pixel % layer.OutputWidth * layer.StrideWidth + position / layer.Channels % layer.FilterWidth;
                return y < layer.Height && x < layer.Width ? ((long)y * layer.Width + x) * layer.Channels + position % layer.Channels : -1;
            }

            long Filter(int filter, int position) => (long)filter * depth + position;
        }

        public (long Cycles, long Stalls) Run()
        {
            int speed = _array.WordsPerCycle!.Value;
            var channels = new[] { new Reader(_inputs, _array.InputWords / 2, speed), new Reader(_filters, _array.FilterWords / 2, speed) };
            long half = _array.OutputWords / 2, written = 0, drainedHalves = 0, draining = 0, full = 0, now = 0;
            for (int cycle = 0; cycle < _outputs.Length; now++)
            {
                // A half that begins in this cycle must have been drained: at most one more than is drained and being drained.
                long lastHalf = (written + _outputs[cycle] - 1) / half;
                bool ready = (_outputs[cycle] == 0 || lastHalf - drainedHalves < 2) && channels.All(channel => channel.IsReady(cycle));
                bool wasDraining = full > drainedHalves;
                if (ready)
                {
                    foreach (var channel in channels)
                        channel.Take(cycle);
                    written += _outputs[cycle];
                    cycle++;
                }
                foreach (var channel in channels)
                    channel.Move();
                if (wasDraining && (draining += speed) >= half)
                    (drainedHalves, draining) = (drainedHalves + 1, 0);
                full = written / half;
            }
            return (now, now - _outputs.Length);
        }

        private sealed class Reader
        {
            private readonly List<(int First, int Words)> _halves = [];
            private readonly int _speed;
            private int _at;
            private long _filled;

            public Reader(List<long>[] demand, long half, int speed)
            {
                _speed = speed;
                var held = new HashSet<long>();
                int first = 0;
                for (int cycle = 0; cycle < demand.Length; cycle++)
                {
                    foreach (long word in demand[cycle].Where(word => word >= 0))
                    {
                        if (held.Contains(word))
                            continue;
                        if (held.Count == half)
                        {
                            _halves.Add((first, held.Count));
                            held.Clear();
                        }
                        if (held.Count == 0)
                            first = cycle;
                        held.Add(word);
                    }
                }
                _halves.Add((first, held.Count));
            }

            public bool IsReady(int cycle) => _at + 1 >= _halves.Count || _halves[_at + 1].First != cycle || _filled >= _halves[_at + 1].Words;

            public void Take(int cycle)
            {
                if (_at + 1 < _halves.Count && _halves[_at + 1].First == cycle)
                    (_at, _filled) = (_at + 1, 0);
            }

            public void Move() => _filled += _speed;
        }
    }
}
