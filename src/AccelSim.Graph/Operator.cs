using System.Collections.Immutable;

namespace AccelSim.Graph;

/// <summary>
/// What a layer computes: its attributes, shape inference, cost and validation. One file an operator, found by
/// reflection (<see cref="OperatorCatalog"/>); backends register their implementation by the record's type.
/// </summary>
/// <remarks>
/// An operator's integer constants (multipliers, shifts, tables) are null in a float graph and set in a quantized one;
/// no backend derives any of its own.
/// </remarks>
public abstract record Operator
{
    /// <summary>The name in tables, YAML and messages, such as <c>Convolution</c>.</summary>
    public string Name => GetType().Name;

    /// <summary>The least number of activations it reads.</summary>
    public virtual int FewestInputs => 1;

    /// <summary>The greatest number of activations it reads.</summary>
    public virtual int MostInputs => FewestInputs;

    /// <summary>How many matrices of weights it holds, the "weighted layers" that the literature counts.</summary>
    public virtual int WeightKernels => 0;

    /// <summary>The roles of its constants in order, such as weight and bias. Trailing ones may be absent.</summary>
    public virtual ImmutableArray<string> ConstantRoles => [];

    /// <summary>How many of <see cref="ConstantRoles"/> must be present.</summary>
    public virtual int RequiredConstants => 0;

    /// <summary>How many of the first constants back-propagation changes; the others are fixed, or follow from the data.</summary>
    public virtual int LearnedConstants => ConstantRoles.Length;

    /// <summary>True when the shapes of its constants follow from its inputs and how many outputs it has: channels, or units of a state.</summary>
    public virtual bool HasOutputCount => false;

    /// <summary>The shapes of its constants in the order of <see cref="ConstantRoles"/>, for a layer of a file written by hand that declares none.</summary>
    /// <param name="inputs">What the layer reads.</param>
    /// <param name="outputs">How many outputs it has, where <see cref="HasOutputCount"/>.</param>
    /// <exception cref="GraphException">The inputs do not fit, or the shapes do not follow from them.</exception>
    public virtual ImmutableArray<Shape> ConstantShapes(IReadOnlyList<TensorType> inputs, int outputs) => RequiredConstants == 0
        ? []
        : throw new GraphException("Nothing says which shape its constants have: declare them under 'constants'.");

    /// <summary>True when it works on int8 codes with constants of its own.</summary>
    public abstract bool IsInteger { get; }

    /// <summary>The type of the value it produces.</summary>
    /// <exception cref="GraphException">The operands do not fit the operator or each other.</exception>
    public abstract TensorType Infer(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants);

    /// <summary>Multiply-accumulates of products with a matrix or a kernel; 0 for everything else (the rule of zoo-reference.csv).</summary>
    public virtual long Macs(IReadOnlyList<TensorType> inputs, IReadOnlyList<TensorType> constants, TensorType output) => 0;

    /// <summary>Learnable values: weights, biases, gamma and beta.</summary>
    public virtual long Parameters(IReadOnlyList<TensorType> constants) => constants.Sum(constant => constant.Shape.Elements);

    /// <summary>Attributes for a table, such as <c>3×3 stride 2</c>.</summary>
    public virtual string Describe() => "";

    private protected static void RequireRank(TensorType type, int rank, string what)
    {
        if (type.Shape.Rank != rank)
            throw new GraphException($"{what} must have {rank} dimensions, but has shape {type.Shape}.");
    }

    private protected static void RequireElement(TensorType type, ElementType element, string what)
    {
        if (type.Element != element)
            throw new GraphException($"{what} must be {element}, but is {type.Element}.");
    }

    /// <summary>Float operators take float32; integer ones take int8 with a scale.</summary>
    private protected void RequireActivation(TensorType type, string what = "The input")
    {
        RequireElement(type, IsInteger ? ElementType.Int8 : ElementType.Float32, what);
        if (IsInteger && type.Quantization is null)
            throw new GraphException($"{what} has no scale and zero point.");
    }

    private protected static void RequireShape(TensorType type, Shape shape, ElementType element, string what)
    {
        RequireElement(type, element, what);
        if (type.Shape != shape)
            throw new GraphException($"{what} must have shape {shape}, but has {type.Shape}.");
    }

    /// <summary>For operators that move elements and compute nothing: float32, or int8 whose scale passes through.</summary>
    private protected static void RequireMovable(TensorType type)
    {
        if (type.Element == ElementType.Int32)
            throw new GraphException("The input must be Float32 or Int8, but is Int32.");
    }

    private protected static int RequireAxis(int axis, TensorType type)
    {
        if (axis < 0 || axis >= type.Shape.Rank)
            throw new GraphException($"The axis {axis} is not one of the {type.Shape.Rank} dimensions of {type.Shape}.");
        return axis;
    }

    private protected static TensorType Activations(Shape shape, Quantization? quantization) =>
        quantization is null ? new TensorType(ElementType.Float32, shape) : new TensorType(ElementType.Int8, shape, quantization);
}
