using AccelSim.Graph;

namespace AccelSim.Systolic.VectorUnit;

/// <summary>Two operands in step, either repeated where the other has more (<see cref="Broadcasting"/>).</summary>
internal sealed class ElementPairs
{
    private readonly Shape _shape;
    private readonly AddressGenerator? _a;
    private readonly AddressGenerator? _b;

    public ElementPairs(Shape a, Shape b, Shape result)
    {
        _shape = result;
        _a = a == result ? null : AddressGenerator.Repeat(a, result);
        _b = b == result ? null : AddressGenerator.Repeat(b, result);
    }

    public T[] Combine<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Func<T, T, T> function)
    {
        int[]? addressesA = _a?.Addresses(), addressesB = _b?.Addresses();
        var result = new T[_shape.Elements];
        for (int i = 0; i < result.Length; i++)
            result[i] = function(a[addressesA is null ? i : addressesA[i]], b[addressesB is null ? i : addressesB[i]]);
        return result;
    }
}
