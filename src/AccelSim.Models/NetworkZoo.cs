using System.Collections.Immutable;
using AccelSim.Graph;
using AccelSim.Models.Zoo;

namespace AccelSim.Models;

/// <summary>The networks by name.</summary>
public static class NetworkZoo
{
    public static ImmutableArray<NetworkFamily> Families { get; } =
        [new LeNet5(), new LeNetCaffe(), new ResNet18(), new MobileNetV1(), new MobileNetV2(), new MobileNetV3(large: false), new MobileNetV3(large: true)];

    /// <summary>Finds a family; <c>-</c> and <c>_</c> are the same.</summary>
    /// <exception cref="GraphException">There is none of that name; the message lists all.</exception>
    public static NetworkFamily Find(string name) =>
        Families.FirstOrDefault(family => family.Name.Equals(name.Replace('-', '_'), StringComparison.OrdinalIgnoreCase))
        ?? throw new GraphException($"There is no network '{name}' (there are {string.Join(", ", Families.Select(family => family.Name))}).");
}
