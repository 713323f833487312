namespace AccelSim.Systolic.Memory;

/// <summary>The pieces of an axis in tiles of one size: the whole ones, and the rest where there is one.</summary>
/// <param name="Axis">Length of the axis.</param>
/// <param name="Size">Length of a tile; one longer than the axis is one piece.</param>
internal readonly record struct AxisPieces(int Axis, int Size)
{
    public Enumerator GetEnumerator() => new(Axis, Size);

    /// <summary>Goes over the at most two kinds of piece.</summary>
    internal struct Enumerator(int axis, int size)
    {
        private int _at = -1;

        public readonly (int Length, long Count) Current => _at == 0 ? (size, axis / size) : (axis % size, 1);

        public bool MoveNext()
        {
            _at++;
            if (_at == 0 && axis < size)
                _at++;
            return _at == 0 || (_at == 1 && axis % size != 0);
        }
    }
}
