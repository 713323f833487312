using System.Numerics;

namespace AccelSim.Systolic.RegisterLevel;

/// <summary>
/// One int32 register in each processing element. A row's registers lie side by side, so that one instruction steps several of them; left of each
/// row is a cell for what enters it from that edge, and right of it cells up to whole vectors, which nothing reads.
/// </summary>
internal sealed class RegisterPlane
{
    private readonly int[] _cells;
    private readonly int _stride;

    public RegisterPlane(int rows, int columns)
    {
        Width = (columns + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        _stride = Width + Vector<int>.Count;
        _cells = new int[checked(rows * _stride)];
    }

    /// <summary>Columns, and the cells behind them that fill the last vector.</summary>
    public int Width { get; }

    public ref int this[int row, int column] => ref _cells[row * _stride + Vector<int>.Count + column];

    /// <summary>The first register of a row; <see cref="Width"/> of them may be read from there, and the entering cell before it.</summary>
    public ref int Row(int row) => ref _cells[row * _stride + Vector<int>.Count];

    /// <summary>Puts a value into the cell left of a row.</summary>
    public void Enter(int row, int value) => _cells[row * _stride + Vector<int>.Count - 1] = value;
}
