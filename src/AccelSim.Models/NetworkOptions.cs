namespace AccelSim.Models;

/// <summary>What a network of the zoo can be asked for. Null means the family's own default.</summary>
/// <param name="Variant">One of the family's variants.</param>
/// <param name="Width">Width multiplier, where the family has one.</param>
/// <param name="Resolution">Height and width of the image.</param>
/// <param name="Classes">Outputs of the classifier.</param>
/// <param name="Batch">Images at once.</param>
public sealed record NetworkOptions(
    string? Variant = null,
    double? Width = null,
    int? Resolution = null,
    int? Classes = null,
    int Batch = 1);
