using AccelSim.Models.Onnx.Tensors;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Tests.Models.Onnx;

/// <summary>Random models of one operator family each, in the form that their operator set has for it.</summary>
internal static class OperatorFamilies
{
    public static IReadOnlyDictionary<string, Action<TinyModel>> All { get; } = new Dictionary<string, Action<TinyModel>>
    {
        ["Conv"] = Conv,
        ["ConvTranspose"] = ConvTranspose,
        ["MaxPool"] = model => Pool(model, "MaxPool"),
        ["AveragePool"] = model => Pool(model, "AveragePool"),
        ["GlobalPool"] = model => model.Output(model.Node(model.OneOf("GlobalAveragePool", "GlobalMaxPool"), [model.Input(model.Extents(model.Extent(3, 4), 1, 6))])),
        ["BatchNormalization"] = BatchNormalization,
        ["LRN"] = model => model.Output(model.Node("LRN", [model.Input([1, model.Extent(1, 9), 3, 2])],
            ("size", model.OneOf(1, 3, 5)), ("alpha", model.Coin() ? 0.5 : null), ("beta", model.Coin() ? 0.6 : null), ("bias", model.Coin() ? 2.0 : null))),
        ["Function"] = Function,
        ["Clip"] = Clip,
        ["Binary"] = Binary,
        ["Nary"] = model => model.Output(model.Node(model.OneOf("Sum", "Mean", "Max", "Min"), [model.Input([2, 3, 4]), model.Coin() ? model.Input([3, 1]) : model.Constant([2, 1, 4]), .. model.Coin() ? [model.Input([4])] : (string[])[]])),
        ["PRelu"] = model => model.Output(model.Node("PRelu", [model.Input([2, 3, 4, 5]), model.Constant(model.OneOf<int[]>([3, 1, 1], [1], [1, 3, 1, 1], [5]))])),
        ["Softmax"] = Softmax,
        ["Reduce"] = Reduce,
        ["Gemm"] = Gemm,
        ["MatMul"] = MatMul,
        ["Reshape"] = Reshape,
        ["Squeeze"] = Squeeze,
        ["Transpose"] = Transpose,
        ["ConcatSplit"] = ConcatSplit,
        ["Slice"] = Slice,
        ["Pad"] = Pad,
        ["Gather"] = Gather,
        ["ExpandTile"] = ExpandTile,
        ["DepthToSpace"] = DepthToSpace,
        ["Resize"] = Resize,
        ["Recurrent"] = Recurrent,
        ["ShapeArithmetic"] = ShapeArithmetic,
        ["HardSwish"] = HardSwish,
        ["MatMulAdd"] = MatMulAdd,
        ["QuantizeDequantize"] = QuantizeDequantize,
        ["QLinearConv"] = QLinearConv,
        ["QLinearMatMul"] = QLinearMatMul,
        ["IntegerProducts"] = IntegerProducts,
        ["DynamicQuantize"] = DynamicQuantize,
        ["ContribQuantized"] = ContribQuantized,
    };

    private static void Conv(TinyModel model)
    {
        int spatial = model.Extent(1, 2), groups = model.OneOf(1, 1, 2, 3), inputs = groups * model.Extent(1, 3), outputs = groups * model.Extent(1, 3);
        int[] kernel = model.Extents(spatial, 1, 3), dilation = model.Extents(spatial, 1, 2), stride = model.Extents(spatial, 1, 3);
        string x = model.Input([model.Extent(1, 2), inputs, .. model.Extents(spatial, 6, 9)]);
        string y = model.Node("Conv", [x, model.Constant([outputs, inputs / groups, .. kernel]), .. model.Coin() ? [model.Constant([outputs])] : (string[])[]],
            [("group", groups == 1 && model.Coin() ? null : groups), ("strides", stride), ("dilations", dilation), ("kernel_shape", model.Coin() ? kernel : null), .. Pads(model, spatial, dilation.All(d => d == 1))]);
        model.Output(y);
    }

    private static (string, object?)[] Pads(TinyModel model, int spatial, bool mayBeSame, int most = 2) => model.Extent(0, 3) switch
    {
        0 => [],
        1 => [("auto_pad", "VALID")],
        2 when mayBeSame => [("auto_pad", model.OneOf("SAME_UPPER", "SAME_LOWER"))],
        _ => [("pads", model.Extents(2 * spatial, 0, most))],
    };

    private static void ConvTranspose(TinyModel model)
    {
        int groups = model.OneOf(1, 1, 2), inputs = groups * model.Extent(1, 2), outputs = model.Extent(1, 3), spatial = model.Extent(1, 2);
        int[] kernel = model.Extents(spatial, 2, 4), stride = model.Extents(spatial, 1, 3), dilation = model.Extents(spatial, 1, 2);
        int[] image = model.Extents(spatial, 2, 4);
        var attributes = new List<(string, object?)> { ("group", groups), ("strides", stride), ("dilations", dilation) };
        switch (model.Extent(0, 3))
        {
            case 0:
                attributes.Add(("pads", model.Extents(2 * spatial, 0, 1)));
                attributes.Add(("output_padding", stride.Select((step, i) => model.Random.Next(Math.Max(step, dilation[i]))).ToArray()));
                break;
            case 1:
                attributes.Add(("output_shape", image.Select((extent, i) => (extent - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 - model.Random.Next(2)).ToArray()));
                break;
            // Where the kernel is shorter than the stride, ONNX Runtime's SAME is smaller than the specification's input × stride.
            case 2 when !kernel.Where((extent, i) => (extent - 1) * dilation[i] + 1 < stride[i]).Any():
                attributes.Add(("auto_pad", model.OneOf("SAME_UPPER", "SAME_LOWER", "VALID")));
                break;
        }
        string x = model.Input([1, inputs, .. image]);
        model.Output(model.Node("ConvTranspose", [x, model.Constant([inputs, outputs, .. kernel]), .. model.Coin() ? [model.Constant([outputs * groups])] : (string[])[]], [.. attributes]));
    }

    private static void Pool(TinyModel model, string type)
    {
        int spatial = model.Extent(1, 2);
        int[] kernel = model.Extents(spatial, 2, 3), stride = model.Extents(spatial, 1, 3);
        bool dilated = (type == "MaxPool" ? model.Opset >= 10 : model.Opset >= 19) && model.Coin(0.3);
        var attributes = new List<(string, object?)> { ("kernel_shape", kernel), ("strides", model.Coin(0.8) ? stride : null) };
        attributes.AddRange(Pads(model, spatial, !dilated, 1));
        bool explicitPads = attributes.All(attribute => attribute.Item1 != "auto_pad");
        if (model.Opset >= 10 && explicitPads && model.Coin())
            attributes.Add(("ceil_mode", true));
        if (type == "AveragePool" && model.Opset >= 7 && model.Coin())
            attributes.Add(("count_include_pad", true));
        if (dilated)
            attributes.Add(("dilations", model.Extents(spatial, 1, 2)));
        model.Output(model.Node(type, [model.Input([1, model.Extent(1, 3), .. model.Extents(spatial, 5, 9)])], [.. attributes]));
    }

    private static void BatchNormalization(TinyModel model)
    {
        int channels = model.Extent(1, 4);
        string x = model.Input([2, channels, .. model.Extents(model.OneOf(0, 1, 2), 1, 4)]);
        model.Output(model.Node("BatchNormalization",
            [x, model.Constant([channels], 0.5, 2), model.Constant([channels]), model.Constant([channels]), model.Constant([channels], 0.1, 2)],
            ("epsilon", model.Coin() ? 1e-3 : null)));
    }

    private static void Function(TinyModel model)
    {
        string type = model.OneOf("Relu", "Sigmoid", "Tanh", "Softplus", "Exp", "Log", "Sqrt", "Reciprocal", "Abs", "Neg", "Floor", "Ceil", "LeakyRelu", "Elu", "HardSigmoid", "Selu",
            "Softsign", "Sign", "Round", "HardSwish", "Celu", "Mish");
        bool positive = type is "Log" or "Sqrt" or "Reciprocal";
        if (type == "Sign" && model.Opset < 9 || type == "Round" && model.Opset < 11 || type == "HardSwish" && model.Opset < 14 || type == "Celu" && model.Opset < 12 || type == "Mish" && model.Opset < 18)
            type = "Relu";
        var attributes = new List<(string, object?)>();
        if (type is "LeakyRelu" or "Elu" or "HardSigmoid" or "Celu" && model.Coin())
            attributes.Add(("alpha", 0.3));
        if (type == "HardSigmoid" && model.Coin())
            attributes.Add(("beta", 0.4));
        model.Output(model.Node(type, [model.Input(model.Extents(model.Extent(0, 4), 1, 4), positive ? 0.1 : -8, 8)], [.. attributes]));
    }

    private static void Clip(TinyModel model)
    {
        string x = model.Input([2, 3, 4], -8, 8);
        double? low = model.Coin() ? model.OneOf(0.0, -1.5) : null, high = model.Coin() ? model.OneOf(6.0, 2.5) : null;
        model.Output(model.Opset < 11
            ? model.Node("Clip", [x], ("min", low), ("max", high))
            : model.Node("Clip", [x, Limit(low), Limit(high)]));

        string Limit(double? value) => value is { } real ? model.Constant(HostTensor.Of([], [(float)real])) : "";
    }

    private static void Binary(TinyModel model)
    {
        string type = model.OneOf("Add", "Sub", "Mul", "Div", "Pow");
        int[] shape = [2, 3, 4, 2], other = model.OneOf<int[]>([2, 3, 4, 2], [], [1], [3, 1, 1], [1, 3, 1, 1], [2], [5, 1, 1, 1, 2], [4, 1]);
        string a = model.Input(shape, type == "Pow" ? 0.2 : -2, 2);
        string b = model.Coin() ? model.Constant(other, 0.5, 2) : model.Input(other, 0.5, 2);
        model.Output(model.Node(type, model.Coin() && type != "Pow" ? [b, a] : [a, b]));
    }

    private static void Softmax(TinyModel model)
    {
        int rank = model.Extent(1, 4);
        string x = model.Input(model.Extents(rank, 1, 4), -20, 20);
        int axis = model.Opset < 11 ? model.Random.Next(rank) : model.Random.Next(-rank, rank);
        model.Output(model.Node(model.OneOf("Softmax", "LogSoftmax"), [x], ("axis", rank > 1 && model.Coin(0.3) ? null : axis)));
    }

    private static void Reduce(TinyModel model)
    {
        string type = model.OneOf("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp");
        int rank = model.Extent(1, 4);
        string x = model.Input(model.Extents(rank, 1, 4), type == "ReduceLogSum" ? 0.1 : -2, 2);
        int[] axes = rank == 4 && model.Coin() ? [2, 3] : [.. Enumerable.Range(0, rank).Where(_ => model.Coin())];
        bool asInput = model.Opset >= (type == "ReduceSum" ? 13 : 18);
        (string, object?) keep = ("keepdims", model.Coin() ? model.Coin() : null);
        if (axes.Length == 0)
            model.Output(model.Node(type, [x], keep));
        else if (asInput)
            model.Output(model.Node(type, [x, model.Integers([.. axes.Select(axis => (long)axis - (model.Coin() ? rank : 0))])], keep));
        else
            model.Output(model.Node(type, [x], ("axes", axes), keep));
    }

    private static void Gemm(TinyModel model)
    {
        int rows = model.Extent(1, 4), inner = model.Extent(1, 5), columns = model.Extent(1, 4);
        bool transposeA = model.Coin(), transposeB = model.Coin();
        int[] left = transposeA ? [inner, rows] : [rows, inner], right = transposeB ? [columns, inner] : [inner, columns];
        string c = model.OneOf<Func<string>>(() => "", () => model.Constant([columns]), () => model.Constant([1]), () => model.Constant([rows, columns]), () => model.Input([rows, 1]), () => model.Constant([1, columns]))();
        if (c.Length == 0 && model.Opset < 11)
            c = model.Constant([columns]);
        model.Output(model.Node("Gemm", [model.Input(left), model.Coin() ? model.Constant(right) : model.Input(right), c],
            ("transA", transposeA ? true : null), ("transB", transposeB ? true : null), ("alpha", model.Coin() ? 0.7 : null), ("beta", model.Coin() ? 1.5 : null)));
    }

    private static void MatMul(TinyModel model)
    {
        int m = model.Extent(1, 4), k = model.Extent(1, 4), n = model.Extent(1, 4);
        var (a, b) = model.OneOf<(int[], int[])>(
            ([m, k], [k, n]), ([2, m, k], [k, n]), ([2, 3, m, k], [3, k, n]), ([k], [k, n]), ([m, k], [k]), ([2, m, k], [2, k, n]), ([k], [k]), ([2, 3, m, k], [1, k, n]), ([2, m, k], [k]));
        model.Output(model.Node("MatMul", [model.Input(a), model.Coin() ? model.Constant(b) : model.Input(b)]));
    }

    private static void MatMulAdd(TinyModel model)
    {
        int k = model.Extent(1, 4), n = model.Extent(2, 4);
        int[] shape = model.OneOf<int[]>([3, k], [2, 3, k], [1, 2, 3, k]);
        string product = model.Node("MatMul", [model.Input(shape), model.Constant([k, n])]);
        string bias = model.Constant(model.OneOf<int[]>([n], [1, n], [1], [3, n]));
        model.Output(model.Node("Relu", [model.Node("Add", model.Coin() ? [product, bias] : [bias, product])]));
    }

    private static void Reshape(TinyModel model)
    {
        string x = model.Input([2, 3, 4]);
        if (model.Coin(0.3))
        {
            model.Output(model.Node("Flatten", [x], ("axis", model.Opset >= 11 ? model.Extent(-3, 3) : model.Extent(0, 3))));
            return;
        }
        long[] shape = model.OneOf<long[]>([4, 6], [0, -1], [2, 3, 2, 2], [-1], [0, 0, 4, 1], [24], [1, 0, -1]);
        model.Output(model.Node("Reshape", [x, model.Integers(shape)]));
    }

    private static void Squeeze(TinyModel model)
    {
        string x = model.Input([1, 3, 1, 2, 1]);
        int[]? axes = model.OneOf<int[]?>([0], [2], [0, 4], null, [0, 2, 4]);
        string squeezed = axes is null ? model.Node("Squeeze", [x])
            : model.Opset >= 13 ? model.Node("Squeeze", [x, model.Integers([.. axes.Select(axis => model.Coin() ? axis : axis - 5L)])])
            : model.Node("Squeeze", [x], ("axes", axes));
        int[] added = model.OneOf<int[]>([0], [1], [0, 2]);
        model.Output(model.Opset >= 13 ? model.Node("Unsqueeze", [squeezed, model.Integers([.. added.Select(axis => (long)axis)])]) : model.Node("Unsqueeze", [squeezed], ("axes", added)));
    }

    private static void Transpose(TinyModel model)
    {
        int rank = model.Extent(1, 5);
        int[] order = [.. Enumerable.Range(0, rank)];
        model.Random.Shuffle(order);
        model.Output(model.Node("Transpose", [model.Input(model.Extents(rank, 1, 4))], ("perm", model.Coin(0.8) ? order : null)));
    }

    private static void ConcatSplit(TinyModel model)
    {
        int axis = model.Extent(0, 2);
        string[] parts = [.. Enumerable.Range(0, model.Extent(1, 3)).Select(_ =>
        {
            int[] shape = [2, 3, 4];
            shape[axis] = model.Extent(1, 3);
            return model.Coin(0.8) ? model.Input(shape) : model.Constant(shape);
        })];
        string joined = model.Node("Concat", parts, ("axis", model.Opset >= 11 && model.Coin() ? axis - 3 : axis));
        string x = model.Node("Concat", [joined, model.Input([.. Enumerable.Range(0, 3).Select(i => i == axis ? 2 : i + 2)])], ("axis", axis));
        model.Output(x);
        int[] split = [2, 1, 3];
        string whole = model.Input([6, 2]);
        string[] pieces = model.Extent(0, 2) switch
        {
            0 => model.Opset >= 13 ? model.Nodes("Split", 3, [whole, model.Integers(2, 1, 3)], ("axis", 0)) : model.Nodes("Split", 3, [whole], ("axis", 0), ("split", split)),
            1 when model.Opset >= 18 => model.Nodes("Split", 4, [whole], ("num_outputs", 4)),
            _ => model.Nodes("Split", 3, [whole], ("num_outputs", model.Opset >= 18 ? 3 : null)),
        };
        foreach (string piece in pieces)
            model.Output(piece);
    }

    private static void Slice(TinyModel model)
    {
        string x = model.Input([5, 6, 7]);
        if (model.Opset < 10)
        {
            model.Output(model.Node("Slice", [x], ("starts", (int[])[1, -3]), ("ends", (int[])[4, 1000]), ("axes", model.Coin() ? [0, 2] : (int[]?)null)));
            return;
        }
        var (starts, ends, axes, steps) = model.OneOf<(long[], long[], long[]?, long[]?)>(
            ([1, 0], [4, 6], [0, 1], null), ([-1], [0], [2], [-2]), ([0, 1, 2], [5, -1, 6], null, null), ([6], [long.MinValue + 1], [-1], [-1]), ([4, 5], [0, 1], [0, 1], [-2, -3]), ([0], [int.MaxValue], [1], [4]), ([-100], [100], [0], [1]));
        string absent = "";
        model.Output(model.Node("Slice", [x, model.Integers(starts), model.Integers(ends), axes is null ? absent : model.Integers(axes), steps is null ? absent : model.Integers(steps)]));
    }

    private static void Pad(TinyModel model)
    {
        string mode = model.OneOf("constant", "edge", "reflect");
        if (model.Opset >= 19 && model.Coin(0.3))
            mode = "wrap";
        string x = model.Input([2, 3, 4]);
        int[] pads = [.. Enumerable.Range(0, 6).Select(i => mode == "constant" ? model.Extent(0, 2) : i % 3 == 0 ? 0 : model.Extent(0, 2))];
        if (mode == "constant" && model.Coin(0.3))
            pads[2] = -1;
        if (model.Opset < 11)
            model.Output(model.Node("Pad", [x], ("mode", mode), ("pads", pads), ("value", model.Coin() ? 1.25 : null)));
        else if (model.Opset >= 18 && model.Coin(0.4))
            model.Output(model.Node("Pad", [x, model.Integers(1, 0, 1, 1), "", model.Integers(1, -1)], ("mode", mode)));
        else
            model.Output(model.Node("Pad", [x, model.Integers([.. pads.Select(pad => (long)pad)]), model.Coin() ? model.Constant(HostTensor.Of([], [1.25f])) : ""], ("mode", mode)));
    }

    private static void Gather(TinyModel model)
    {
        string x = model.Input([4, 5, 3]);
        int axis = model.Extent(0, 2);
        int extent = (int[])[4, 5, 3] is var extents ? extents[axis] : 0;
        int[] shape = model.OneOf<int[]>([], [2], [3, 2]);
        var indices = model.Codes(shape, DataType.Int64, model.Opset >= 11 ? -extent : 0, extent - 1);
        model.Output(model.Node("Gather", [x, model.Constant(indices)], ("axis", axis == 0 ? null : axis)));
    }

    private static void ExpandTile(TinyModel model)
    {
        if (model.Coin() && model.Opset >= 8)
            model.Output(model.Node("Expand", [model.Input([3, 1]), model.Integers(model.OneOf<long[]>([2, 1, 6], [3, 4], [1], [2, 3, 4, 3, 2]))]));
        else
            model.Output(model.Node("Tile", [model.Input([2, 3]), model.Integers(model.OneOf<long[]>([2, 2], [1, 3], [1, 1]))]));
    }

    private static void DepthToSpace(TinyModel model)
    {
        if (model.Coin())
            model.Output(model.Node("DepthToSpace", [model.Input([2, 8, 2, 3])], ("blocksize", 2), ("mode", model.Opset >= 11 ? model.OneOf(null, "DCR", "CRD") : null)));
        else
            model.Output(model.Node("SpaceToDepth", [model.Input([2, 2, 4, 6])], ("blocksize", 2)));
    }

    private static void Resize(TinyModel model)
    {
        int[] image = [model.Extent(2, 4), model.Extent(2, 5)];
        string x = model.Input([1, 2, .. image]);
        float[] scales = [1, 1, model.OneOf(1f, 2f, 3f, 1.5f), model.OneOf(1f, 2f, 2.4f)];
        if (model.Opset < 10)
        {
            string mode = model.OneOf("nearest", "linear");
            scales = [1, 1, model.OneOf(1, 2, 3), model.OneOf(1, 2)];
            model.Output(model.Opset >= 9 ? model.Node("Upsample", [x, model.Constant(HostTensor.Of([4], scales))], ("mode", mode)) : model.Node("Upsample", [x], ("mode", mode), ("scales", scales)));
            return;
        }
        if (model.Opset == 10)
        {
            model.Output(model.Node("Resize", [x, model.Constant(HostTensor.Of([4], [1f, 1f, 2f, 3f]))], ("mode", model.OneOf("nearest", "linear"))));
            return;
        }
        string kind = model.OneOf("nearest", "linear", "cubic");
        string coordinates = model.OneOf("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric");
        if (kind != "cubic" && model.Coin(0.4))
            scales[2] = 0.6f;
        bool bySize = model.Coin();
        string[] inputs = bySize
            ? [x, "", "", model.Constant(HostTensor.Of([4], [1L, 2L, (long)Math.Max(1, image[0] * scales[2]), (long)Math.Max(1, image[1] * scales[3])]))]
            : [x, "", model.Constant(HostTensor.Of([4], scales))];
        if (model.Opset < 13)
            inputs[1] = model.Constant(HostTensor.Of([0], Array.Empty<float>()), mayBeInput: false);
        if (model.Opset < 13 && bySize)
            inputs[2] = model.Constant(HostTensor.Of([0], Array.Empty<float>()), mayBeInput: false);
        model.Output(model.Node("Resize", inputs, ("mode", kind), ("coordinate_transformation_mode", coordinates),
            ("nearest_mode", kind == "nearest" ? model.OneOf(null, "round_prefer_ceil", "floor", "ceil") : null),
            ("exclude_outside", kind == "cubic" && model.Coin() ? true : null)));
    }

    private static void Recurrent(TinyModel model)
    {
        string type = model.OneOf("LSTM", "GRU", "RNN");
        int gates = type == "LSTM" ? 4 : type == "GRU" ? 3 : 1, hidden = model.Extent(1, 4), inputs = model.Extent(1, 3), batch = model.Extent(1, 2), steps = model.Extent(1, 4);
        string direction = model.OneOf("forward", "reverse", "bidirectional");
        int directions = direction == "bidirectional" ? 2 : 1;
        string bias = model.Coin() ? model.Constant([directions, 2 * gates * hidden]) : "";
        string initial = model.Coin() ? model.Input([directions, batch, hidden]) : "";
        string cell = type == "LSTM" && model.Coin() ? model.Input([directions, batch, hidden]) : "";
        string peephole = type == "LSTM" && model.Coin(0.3) ? model.Constant([directions, 3 * hidden]) : "";
        int outputs = type == "LSTM" ? 3 : 2;
        string[] y = model.Nodes(type, outputs,
            [model.Input([steps, batch, inputs]), model.Constant([directions, gates * hidden, inputs]), model.Constant([directions, gates * hidden, hidden]), bias, "", initial, .. type == "LSTM" ? [cell, peephole] : (string[])[]],
            ("hidden_size", hidden), ("direction", direction), ("linear_before_reset", type == "GRU" && model.Coin() ? true : null),
            ("activations", type == "RNN" && model.Coin() ? Enumerable.Repeat("Relu", directions).ToArray() : null), ("clip", model.Coin(0.2) ? 0.4 : null));
        foreach (string output in y)
            model.Output(output);
    }

    /// <summary>The flattening that PyTorch writes: Shape, Gather, Unsqueeze, Concat, Reshape.</summary>
    private static void ShapeArithmetic(TinyModel model)
    {
        string x = model.Input([2, 3, 4, 5]);
        string shape = model.Node("Shape", [x], ("start", model.Opset >= 15 && model.Coin() ? 0 : null));
        string first = model.Node("Gather", [shape, model.Constant(HostTensor.Of([], [0L]), mayBeInput: false)], ("axis", 0));
        string cast = model.Node("Cast", [model.Node("Cast", [first], ("to", 1))], ("to", 7));
        string doubled = model.Node("Mul", [cast, model.Constant(HostTensor.Of([], [3L]), mayBeInput: false)]);
        string row = model.Opset >= 13 ? model.Node("Unsqueeze", [doubled, model.Integers(0)]) : model.Node("Unsqueeze", [doubled], ("axes", (int[])[0]));
        string target = model.Node("Concat", [row, model.Integers(-1)], ("axis", 0));
        model.Output(model.Node("Reshape", [x, target]));
        string size = model.Node("Size", [x]);
        model.Output(size, DataType.Int64);
        model.Output(shape, DataType.Int64);
        if (model.Opset >= 9)
            model.Output(model.Node("Add", [model.Input([2, 3]), model.Node("ConstantOfShape", [model.Integers(2, 3)], ("value", model.Tensor(HostTensor.Of([1], [0.5f]), "")))]));
    }

    private static void HardSwish(TinyModel model)
    {
        string x = model.Node("Conv", [model.Input([1, 2, 4, 4], -4, 4), model.Constant([3, 2, 1, 1], -2, 2)]);
        string sum = model.Coin() ? model.Node("Add", [x, Scalar(3)]) : model.Node("Add", [Scalar(3), x]);
        string clipped = model.Opset < 11 ? model.Node("Clip", [sum], ("min", 0.0), ("max", 6.0)) : model.Node("Clip", [sum, Scalar(0, true), Scalar(6, true)]);
        switch (model.Extent(0, 4))
        {
            case 0:
                model.Output(model.Node("Div", [Product(x, clipped), Scalar(6)]));
                break;
            case 1:
                model.Output(Product(x, model.Node("Div", [clipped, Scalar(6)])));
                break;
            case 2:
                model.Output(Product(model.Node("Mul", [x, Scalar(1 / 6f)]), clipped));
                break;
            case 3:
                model.Output(Product(x, model.Node("HardSigmoid", [x], ("alpha", 1 / 6.0), ("beta", 0.5))));
                break;
            default:
                model.Output(Product(x, model.Node("Sigmoid", [x])));
                break;
        }

        string Product(string a, string b) => model.Node("Mul", model.Coin() ? [a, b] : [b, a]);
        string Scalar(float value, bool isScalar = false) => model.Constant(HostTensor.Of(isScalar || model.Coin() ? [] : [1], [value]), mayBeInput: false);
    }

    private static void QuantizeDequantize(TinyModel model)
    {
        var type = model.OneOf(DataType.Uint8, DataType.Int8);
        int[] shape = [2, 3, 4];
        bool perAxis = model.Opset >= 13 && model.Coin();
        int axis = model.Extent(0, 2), count = perAxis ? shape[axis] : 1;
        int[] scaleShape = perAxis ? [count] : [];
        string scale = model.Constant(model.Uniform(scaleShape, 0.01, 0.1)), zero = model.Constant(type == DataType.Uint8 ? model.Codes(scaleShape, type, 0, 255) : model.Codes(scaleShape, type, -128, 127));
        (string, object?) attribute = ("axis", perAxis ? axis : null);
        if (model.Coin())
        {
            string q = model.Node("QuantizeLinear", [model.Input(shape, -10, 10), scale, zero], attribute);
            model.Output(q, type);
            if (model.Coin())
                model.Output(model.Node("DequantizeLinear", [q, scale, zero], attribute));
            return;
        }
        string codes = model.Input(model.Codes(shape, type, type == DataType.Uint8 ? 0 : -128, type == DataType.Uint8 ? 255 : 127));
        model.Output(model.Node("DequantizeLinear", [codes, scale, zero], attribute));
    }

    private static void QLinearConv(TinyModel model)
    {
        var type = model.OneOf(DataType.Uint8, DataType.Int8);
        var weight = type == DataType.Int8 ? DataType.Int8 : model.OneOf(DataType.Uint8, DataType.Int8);
        int groups = model.OneOf(1, 2), inputs = 2 * groups, outputs = 2 * groups;
        bool perChannel = model.Coin();
        int[] scales = perChannel ? [outputs] : [];
        string x = model.Input(Codes(model, [1, inputs, 5, 6], type));
        string y = model.Node("QLinearConv",
            [x, Scale(model, []), Zero(model, [], type), model.Constant(Codes(model, [outputs, inputs / groups, 3, 2], weight)), Scale(model, scales), perChannel ? model.Constant(TinyModel.Typed(scales, new long[outputs], weight)) : Zero(model, [], weight),
                model.Constant(model.Uniform([], 0.3, 0.6)), Zero(model, [], type), model.Coin() ? model.Constant(model.Codes([outputs], DataType.Int32, -500, 500)) : ""],
            ("group", groups), ("pads", model.Coin() ? model.Extents(4, 0, 1) : null), ("strides", model.Extents(2, 1, 2)));
        model.Output(y, type);
    }

    private static void QLinearMatMul(TinyModel model)
    {
        var type = model.OneOf(DataType.Uint8, DataType.Int8);
        int k = model.Extent(1, 5);
        int[] b = model.OneOf<int[]>([k, 3], [2, k, 3]);
        string y = model.Node("QLinearMatMul",
            [model.Input(Codes(model, [2, 3, k], type)), Scale(model, []), Zero(model, [], type), model.Constant(Codes(model, b, type)), Scale(model, []), Zero(model, [], type), model.Constant(model.Uniform([], 0.3, 0.6)), Zero(model, [], type)]);
        model.Output(y, type);
    }

    private static void IntegerProducts(TinyModel model)
    {
        if (model.Coin())
        {
            int k = model.Extent(1, 6);
            model.Output(model.Node("MatMulInteger",
                [model.Input(Codes(model, [3, k], DataType.Uint8)), model.Coin() ? model.Constant(Codes(model, [k, 4], DataType.Int8)) : model.Input(Codes(model, [k, 4], DataType.Int8)), model.Coin() ? Zero(model, [], DataType.Uint8) : ""]), DataType.Int32);
            return;
        }
        model.Output(model.Node("ConvInteger",
            [model.Input(Codes(model, [1, 2, 4, 4], DataType.Uint8)), model.Constant(Codes(model, [3, 2, 3, 3], DataType.Uint8)), model.Coin() ? Zero(model, [], DataType.Uint8) : "", model.Coin() ? Zero(model, [], DataType.Uint8) : ""],
            ("pads", model.Coin() ? (int[])[1, 1, 1, 1] : null)), DataType.Int32);
    }

    private static void DynamicQuantize(TinyModel model)
    {
        string[] y = model.Nodes("DynamicQuantizeLinear", 3, [model.Input([3, 4], model.OneOf(-3.0, 0.5), model.OneOf(-1.0, 4.0))]);
        model.Output(y[0], DataType.Uint8);
        model.Output(y[1]);
        model.Output(y[2], DataType.Uint8);
    }

    private static void ContribQuantized(TinyModel model)
    {
        var type = model.OneOf(DataType.Uint8, DataType.Int8);
        string x = model.Input(Codes(model, [1, 3, 4, 4], type)), scale = Scale(model, []), zero = Zero(model, [], type);
        string outputScale = model.Constant(model.Uniform([], 0.05, 0.1), mayBeInput: false), outputZero = Zero(model, [], type);
        switch (model.Extent(0, 4))
        {
            case 0:
                model.Output(model.Node("QLinearAdd", [x, scale, zero, model.Input(Codes(model, [1, 3, 4, 4], type)), Scale(model, []), Zero(model, [], type), outputScale, outputZero]), type);
                break;
            case 1:
                model.Output(model.Node("QLinearMul", [x, scale, zero, model.Input(Codes(model, [1, 3, 1, 1], type)), Scale(model, []), Zero(model, [], type), outputScale, outputZero]), type);
                break;
            case 2:
                model.Output(model.Node("QLinearGlobalAveragePool", [x, scale, zero, outputScale, outputZero], ("channels_last", 0)), type);
                break;
            case 3:
                model.Output(model.Node("QLinearSigmoid", [x, scale, zero, outputScale, outputZero]), type);
                break;
            default:
                model.Output(model.Node("QLinearConcat", [outputScale, outputZero, x, scale, zero, model.Input(Codes(model, [1, 2, 4, 4], type)), Scale(model, []), Zero(model, [], type)], ("axis", 1)), type);
                break;
        }
    }

    private static HostTensor Codes(TinyModel model, int[] shape, DataType type) => type == DataType.Uint8 ? model.Codes(shape, type, 0, 255) : model.Codes(shape, type, -128, 127);

    private static string Scale(TinyModel model, int[] shape) => model.Constant(model.Uniform(shape, 0.01, 0.05), mayBeInput: false);

    private static string Zero(TinyModel model, int[] shape, DataType type) =>
        model.Constant(type == DataType.Uint8 ? model.Codes(shape, type, 100, 150) : model.Codes(shape, type, -20, 20), mayBeInput: false);
}
