using AccelSim.Graph;
using AccelSim.Systolic;
using AccelSim.Systolic.Folding;
using AccelSim.Systolic.Mapping;

namespace AccelSim.Tests.Systolic;

/// <summary>What is chosen for a layer on which engines, against every way by itself; and several arrays against their shares one by one.</summary>
public sealed class MappingTests
{
    private static readonly LayerGeometry Depthwise = new(1, 32, 32, 32, new Size2(8, 8), Size2.Square(3), Size2.Square(1), Size2.Square(1));

    [Fact]
    public void Auto_takes_the_fewest_cycles_of_all_ways()
    {
        var won = new HashSet<string>();
        for (int seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var layer = RandomLayer(random);
            var array = RandomArray(random) with { Depthwise = random.Next(3) == 0 ? new DepthwiseEngine(random.Next(1, 20), random.Next(1, 12)) : null };
            var auto = MappingChoice.Choose(layer, array);
            var ways = Enum.GetValues<GroupMapping>().Select(groups => MappingChoice.Choose(layer, array with { Groups = groups })).ToList();
            Assert.True(auto.Cycles.Total == ways.Min(way => way.Cycles.Total), $"seed {seed}: {layer} on {array}");
            Assert.All(ways, way => Assert.Equal(layer.Work, way.Work));
            Assert.All(ways, way => Assert.True(way.Work.Macs <= way.Cycles.Total * way.MacsPerCycle, $"seed {seed}: more than the peak"));
            if (layer.Groups > 1)
                won.Add(auto.Reason.Contains("pixels", StringComparison.Ordinal) && auto.Reason.IndexOf("pixels", StringComparison.Ordinal) < 5 ? "pixels" : auto.Reason.Split(' ')[1]);
        }
        // one group, n groups, p×q pixels, depthwise engine: each wins somewhere.
        Assert.Superset(new HashSet<string> { "group", "groups", "pixels", "engine" }, won);
    }

    [Fact]
    public void The_reason_names_every_way_with_its_folds_and_cycles()
    {
        var array = TestArrays.Of(64, 64, Dataflow.WeightStationary);
        Assert.Equal(
            "7 groups across columns (5 folds of 63×7, 950 cycles); one group a fold (32 folds of 9×1, 4352 cycles); 1×2 pixels of 5 groups across columns (7 folds of 60×10, 1106 cycles)",
            MappingChoice.Choose(Depthwise, array).Reason);
        Assert.StartsWith(
            "depthwise engine of 16 channels × 9 taps (2 blocks, 134 cycles); one group a fold (32 folds of 9×1, 4352 cycles); 7 groups across columns",
            MappingChoice.Choose(Depthwise, array with { Depthwise = new DepthwiseEngine(16, 9) }).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_is_what_is_done_or_the_next_simpler_way()
    {
        var small = TestArrays.Of(8, 8, Dataflow.WeightStationary) with { Depthwise = new DepthwiseEngine(64, 9) };
        string one = "one group a fold (64 folds of 8×1, ";
        Assert.StartsWith("depthwise engine", MappingChoice.Choose(Depthwise, small).Reason, StringComparison.Ordinal);
        foreach (var groups in (GroupMapping[])[GroupMapping.OneGroupAFold, GroupMapping.GroupsAcrossColumns, GroupMapping.PixelsAcrossColumns])
        {
            Assert.StartsWith(one, MappingChoice.Choose(Depthwise, small with { Groups = groups }).Reason, StringComparison.Ordinal);
            // The arrays take longer than the engine, and were asked for.
            Assert.IsType<SplitMapping>(MappingChoice.Choose(Depthwise, small with { Groups = groups, Arrays = 2 }));
        }
        Assert.IsType<DepthwiseEngineMapping>(MappingChoice.Choose(Depthwise, small with { Arrays = 2 }));
        Assert.IsType<DepthwiseEngineMapping>(MappingChoice.Choose(Depthwise, small with { Arrays = 2, Groups = GroupMapping.DepthwiseEngine }));
    }

    /// <summary>Shares are cut by a loop that deals one index after another to each array in turn of a whole share.</summary>
    [Fact]
    public void Several_arrays_take_as_long_as_their_largest_share_and_move_what_all_shares_move()
    {
        var sharings = new HashSet<ArraySharing>();
        for (int seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            var layer = RandomLayer(random);
            var array = RandomArray(random);
            int arrays = random.Next(2, 6);
            var auto = (SplitMapping)MappingChoice.Choose(layer, array with { Arrays = arrays });
            sharings.Add(auto.Sharing);
            long fewest = long.MaxValue;
            foreach (var sharing in Enum.GetValues<ArraySharing>().Where(sharing => sharing != ArraySharing.Auto))
            {
                string where = $"seed {seed}: {sharing} over {arrays}, {layer} on {array}";
                var split = MappingChoice.Choose(layer, array with { Arrays = arrays, Sharing = sharing });
                var shares = Shares(layer, sharing, arrays).Select(share => MappingChoice.Choose(share, array)).ToList();
                Assert.True(shares.Sum(share => share.Work.Macs) == layer.Work.Macs, where);
                Assert.True(split.Cycles.Total == shares.Max(share => share.Cycles.Total), where);
                Assert.True(split.Edge == shares.Aggregate(default(ArrayTraffic), (sum, share) => sum + share.Edge), where);
                if ((sharing != ArraySharing.Groups || layer.Groups > 1) && (sharing != ArraySharing.Images || layer.Batch > 1))
                    fewest = Math.Min(fewest, split.Cycles.Total);
            }
            Assert.True(auto.Cycles.Total == fewest, $"seed {seed}: {auto.Reason}");
        }
        // Rows of pixels are at least as even as whole images.
        Assert.Equal(new HashSet<ArraySharing> { ArraySharing.OutputChannels, ArraySharing.Pixels, ArraySharing.Groups }, sharings);
    }

    [Fact]
    public void The_reason_says_what_several_arrays_divide()
    {
        var layer = new LayerGeometry(1, 1, 32, 64, new Size2(8, 8), Size2.Square(1), Size2.Square(1), Size2.Square(1));
        var two = TestArrays.Of(16, 16, Dataflow.WeightStationary) with { Arrays = 2 };
        Assert.Equal("2 of 16×16 weight-stationary", two.Describe());
        Assert.Equal(2 * 16 * 16, two.MacsPerCycle);
        Assert.Equal(
            "output channels over 2 arrays (440 cycles); pixel rows over 2 arrays (624 cycles); on each: 4 folds",
            MappingChoice.Choose(layer, two).Reason);
        // Cores that each have their image leave all but one idle when there is one image, and halve the time of two.
        var cores = two with { Sharing = ArraySharing.Images };
        Assert.Equal("images over 1 array (880 cycles): 8 folds", MappingChoice.Choose(layer, cores).Reason);
        Assert.Equal("images over 2 arrays (880 cycles): 8 folds", MappingChoice.Choose(layer with { Batch = 2 }, cores).Reason);
    }

    /// <summary>Weights that stay while the pixels of all images pass are loaded once a batch; loads and their cycles fall with each image more.</summary>
    [Theory]
    [InlineData(FoldSchedule.Serial)]
    [InlineData(FoldSchedule.Pipelined)]
    public void Loads_of_weights_per_image_fall_with_the_batch(FoldSchedule schedule)
    {
        var array = TestArrays.Of(32, 32, Dataflow.WeightStationary, schedule);
        var layer = new LayerGeometry(1, 1, 256, 256, new Size2(2, 3), Size2.Square(1), Size2.Square(1), Size2.Square(1));
        var one = MappingChoice.Choose(layer, array);
        double before = double.MaxValue;
        foreach (int batch in (int[])[1, 2, 4, 8, 16])
        {
            var many = MappingChoice.Choose(layer with { Batch = batch }, array);
            Assert.Equal(256 * 256, many.Edge.Weights);
            Assert.Equal(batch * one.Edge.Inputs, many.Edge.Inputs);
            Assert.True(many.Cycles.Total / (double)batch < before);
            before = many.Cycles.Total / (double)batch;
        }
        // Outputs that stay read the weights again for each fold of pixels.
        var outputs = array with { Dataflow = Dataflow.OutputStationary };
        Assert.Equal(3 * 256 * 256, MappingChoice.Choose(layer with { Batch = 16 }, outputs).Edge.Weights);
    }

    [Theory]
    [InlineData(2, 4, 2)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 5, 3)]
    [InlineData(3, 64, 6)]
    public void A_kept_weight_needs_the_bits_of_its_place(int kept, int of, int bits) => Assert.Equal(bits, new WeightSparsity(kept, of).IndexBits);

    [Fact]
    public void Sparse_weights_compress_the_depth_and_every_input_still_enters()
    {
        for (int seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            var layer = RandomLayer(random) with { Groups = 1 };
            int of = random.Next(2, 9);
            var sparsity = new WeightSparsity(random.Next(1, of), of);
            var array = RandomArray(random);
            var (dense, sparse) = (MappingChoice.Choose(layer, array), MappingChoice.Choose(layer, array with { Sparsity = sparsity }));
            string where = $"seed {seed}: {sparsity}, {layer} on {array}";
            if (layer.Work.Depth < of)
            {
                Assert.Equal(dense.Cycles, sparse.Cycles);
                continue;
            }
            int kept = Enumerable.Range(0, layer.Work.Depth).Count(k => k % of < sparsity.Kept);
            var asIf = MappingChoice.Choose(LayerGeometry.Of(layer.Work with { Depth = kept }), array);
            Assert.True(asIf.Cycles == sparse.Cycles, where);
            Assert.True(asIf.Edge.Weights == sparse.Edge.Weights && asIf.Edge.SumsWritten == sparse.Edge.SumsWritten, where);
            Assert.True(sparse.Cycles.Total <= dense.Cycles.Total, where);
            Assert.True(sparse.Edge.Inputs <= dense.Edge.Inputs && sparse.Edge.Inputs % ((long)layer.Work.Depth * layer.Work.Pixels) == 0, where);
            Assert.Contains($"{sparsity} sparse weights, depth {layer.Work.Depth} kept as {kept}", sparse.Reason, StringComparison.Ordinal);
        }
    }

    /// <summary>Two workers and two places for tiles, stepped cycle by cycle.</summary>
    [Fact]
    public void A_fused_pair_takes_what_an_engine_and_an_array_take_that_hand_over_tiles()
    {
        int hidden = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int channels = random.Next(2, 40);
            var output = new Size2(random.Next(1, 20), random.Next(1, 20));
            var depthwise = new LayerGeometry(random.Next(1, 3), channels, channels, channels, output, Size2.Square(3), Size2.Square(1), Size2.Square(1));
            var pointwise = new LayerGeometry(depthwise.Batch, 1, channels, random.Next(1, 60), output, Size2.Square(1), Size2.Square(1), Size2.Square(1));
            bool hasEngine = random.Next(4) > 0;
            var array = RandomArray(random) with { Depthwise = hasEngine ? new DepthwiseEngine(random.Next(1, 40), 9) : null, Groups = GroupMapping.DepthwiseEngine };
            long room = random.Next(1, 4 * channels * output.Width * output.Height);
            var schedule = FusedSchedule.Best(depthwise, pointwise, array, 1, room);
            if (schedule is null)
            {
                Assert.True(2 * channels * output.Width > room);
                continue;
            }
            string where = $"seed {seed}: {schedule.Rows} rows a tile, {depthwise} and {pointwise} on {array}";
            Assert.True(schedule.BufferBytes == 2 * channels * output.Width * schedule.Rows && schedule.BufferBytes <= room, where);
            List<int> heights = [.. Enumerable.Range(0, depthwise.Batch).SelectMany(_ => Enumerable.Range(0, output.Height).Chunk(schedule.Rows).Select(rows => rows.Length))];
            long[] makes = [.. heights.Select(height => MappingChoice.Choose(Cut(depthwise, height), array).Cycles.Total)];
            long[] uses = [.. heights.Select(height => MappingChoice.Choose(Cut(pointwise, height), array).Cycles.Total)];
            Assert.True(schedule.Tiles == heights.Count, where);
            Assert.True(schedule.Depthwise.Cycles.Total == makes.Sum() && schedule.Pointwise.Cycles.Total == uses.Sum(), where);
            Assert.True(schedule.Cycles == (hasEngine ? Stepped(makes, uses) : makes.Sum() + uses.Sum()), where);
            Assert.True(schedule.Hidden >= 0 && schedule.Hidden <= Math.Min(makes.Sum(), uses.Sum()), where);
            hidden += schedule.Hidden > 0 ? 1 : 0;
        }
        Assert.InRange(hidden, 50, 300);

        static LayerGeometry Cut(LayerGeometry layer, int height) => layer with { Batch = 1, Output = new Size2(height, layer.Output.Width) };

        static long Stepped(long[] makes, long[] uses)
        {
            (int making, int used, long makeLeft, long useLeft, long cycle) = (0, 0, 0, 0, 0);
            int made = 0;
            while (used < uses.Length)
            {
                if (makeLeft == 0 && making < makes.Length && making < used + 2)
                    makeLeft = makes[making++];
                if (useLeft == 0 && used < made)
                    useLeft = uses[used];
                cycle++;
                if (makeLeft > 0 && --makeLeft == 0)
                    made++;
                if (useLeft > 0 && --useLeft == 0)
                    used++;
            }
            return cycle;
        }
    }

    private static LayerGeometry RandomLayer(Random random)
    {
        int groups = random.Next(3) == 0 ? 1 : random.Next(2, 40);
        int inputs = groups * (random.Next(3) == 0 ? random.Next(1, 6) : 1), outputs = groups * (random.Next(3) == 0 ? random.Next(1, 6) : 1);
        return new LayerGeometry(
            random.Next(1, 4), groups, groups == 1 ? random.Next(1, 60) : inputs, groups == 1 ? random.Next(1, 60) : outputs, Size(20), Size(4), Size(2), Size(2));

        Size2 Size(int most) => new(random.Next(1, most + 1), random.Next(1, most + 1));
    }

    private static ArrayConfiguration RandomArray(Random random) =>
        TestArrays.Of(random.Next(1, 65), random.Next(1, 65), (Dataflow)random.Next(3), (FoldSchedule)random.Next(2));

    private static List<LayerGeometry> Shares(LayerGeometry layer, ArraySharing sharing, int arrays)
    {
        int extent = sharing switch
        {
            ArraySharing.OutputChannels => layer.OutputChannels / layer.Groups,
            ArraySharing.Groups => layer.Groups,
            ArraySharing.Images => layer.Batch,
            _ => layer.Batch * layer.Output.Height,
        };
        int most = (int)Math.Ceiling(extent / (double)arrays);
        int[] counts = new int[arrays];
        for (int i = 0; i < extent; i++)
            counts[i / most]++;
        return [.. counts.Where(count => count > 0).Select(count => sharing switch
        {
            ArraySharing.OutputChannels => layer with { OutputChannels = count * layer.Groups },
            ArraySharing.Groups => layer with { Groups = count, InputChannels = count * (layer.InputChannels / layer.Groups), OutputChannels = count * (layer.OutputChannels / layer.Groups) },
            ArraySharing.Images => layer with { Batch = count },
            _ => layer with { Batch = 1, Output = new Size2(count, layer.Output.Width) },
        })];
    }
}
