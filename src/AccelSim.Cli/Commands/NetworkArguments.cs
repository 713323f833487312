using System.CommandLine;
using AccelSim.Models;

namespace AccelSim.Cli.Commands;

/// <summary>The options that choose a variant of a network, the same for every command.</summary>
internal sealed class NetworkArguments
{
    public Option<string?> Variant { get; } = new("--variant") { Description = "A variant of the family (accelsim models lists them)" };

    public Option<double?> Width { get; } = new("--width") { Description = "Width multiplier, for the MobileNets" };

    public Option<int?> Resolution { get; } = new("--resolution") { Description = "Height and width of the image" };

    public Option<int?> Classes { get; } = new("--classes") { Description = "Outputs of the classifier" };

    public void AddTo(Command command)
    {
        command.Options.Add(Variant);
        command.Options.Add(Width);
        command.Options.Add(Resolution);
        command.Options.Add(Classes);
    }

    public NetworkOptions Read(ParseResult result, int batch = 1) =>
        new(result.GetValue(Variant), result.GetValue(Width), result.GetValue(Resolution), result.GetValue(Classes), batch);
}
