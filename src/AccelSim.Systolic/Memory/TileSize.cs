using System.Globalization;

namespace AccelSim.Systolic.Memory;

/// <summary>The part of a layer that the chip holds at one time.</summary>
/// <param name="Images">Images.</param>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Filters">Output channels of a group.</param>
/// <param name="Channels">Input channels of a group.</param>
/// <param name="Rows">Rows of the output.</param>
/// <param name="Columns">Columns of the output.</param>
public readonly record struct TileSize(int Images, int Groups, int Filters, int Channels, int Rows, int Columns)
{
    /// <summary>Output pixels.</summary>
    public long Pixels => (long)Images * Rows * Columns;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Images > 1 ? $"{Images} images of " : "")}{Rows}×{Columns} pixels, {(Groups > 1 ? $"{Groups} groups of " : "")}{Channels} to {Filters} channels");
}
