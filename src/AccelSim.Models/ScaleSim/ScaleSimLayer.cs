using AccelSim.Graph;

namespace AccelSim.Models.ScaleSim;

/// <summary>One layer of a topology as SCALE-Sim counts it, a convolution of one image.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Line">Of the file, counted from 1.</param>
/// <param name="Image">With its padding.</param>
/// <param name="Filter">At most as large as the image.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="Stride">From one window to the next.</param>
public sealed record ScaleSimLayer(string Name, int Line, Size2 Image, Size2 Filter, int Channels, int Filters, Size2 Stride);
