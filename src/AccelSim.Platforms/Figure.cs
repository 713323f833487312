namespace AccelSim.Platforms;

/// <summary>A value of a platform file together with where it comes from. The unit is in the name of the property that holds it.</summary>
/// <param name="Value">The value in the unit of the property's name.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Note">What a reader should know about the value, or null.</param>
public sealed record Figure<T>(T Value, Source Source, string? Note = null);
