using AccelSim.Models;

namespace AccelSim.Tests.Models;

/// <summary>Every family at its defaults, and with each value of each choice, one at a time.</summary>
internal static class ZooVariants
{
    public static IEnumerable<(string Family, NetworkOptions Options)> All => NetworkZoo.Families.SelectMany(family => family.Options
        .OfType<ChoiceOption>()
        .SelectMany(choice => choice.Values.Skip(1).Select(value => new NetworkOptions(Named: new Dictionary<string, string> { [choice.Name] = value })))
        .Prepend(new NetworkOptions())
        .Select(options => (family.Name, options)));
}
