using ILGPU;

namespace AccelSim.Gpu;

/// <summary>The sizes of thread groups. Constants, because shared memory and loops over it are laid out by the compiler.</summary>
internal static class KernelShape
{
    /// <summary>Side of the square group that computes one tile of a matrix product.</summary>
    public const int TileSide = 16;

    public const int TileThreads = TileSide * TileSide;

    /// <summary>Each thread computes this many rows by as many columns, so that an operand read is used four times.</summary>
    public const int Block = 4;

    /// <summary>Rows (output channels) and columns (output pixels) of a tile.</summary>
    public const int Tile = TileSide * Block;

    /// <summary>Terms of the sum that a tile takes at a time.</summary>
    public const int Depth = TileSide;

    /// <summary>Threads of a group of every other kernel.</summary>
    public const int Group = 64;

    /// <summary>
    /// Groups that a grid may have: CUDA's limit for its first dimension (CUDA C++ Programming Guide, compute capabilities), and ILGPU's for every device. The other
    /// two end at 65,535, which images by channels of a large batch pass: every grid has one dimension, and kernels take their index apart.
    /// </summary>
    public const int LargestGrid = int.MaxValue;

    /// <summary>Elements that a value may have: indices have 32 bits, and the largest tile may reach past the last column before it is cut off.</summary>
    public const int LargestView = int.MaxValue - 128;

    /// <summary>At least so many threads, in groups.</summary>
    public static KernelConfig Threads(long count) => new(checked((int)((count + Group - 1) / Group)), Group);

    /// <summary>So many groups, one for each row that a group works on together.</summary>
    public static KernelConfig Groups(long count) => new(checked((int)count), Group);
}
