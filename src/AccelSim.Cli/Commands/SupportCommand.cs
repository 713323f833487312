using System.CommandLine;
using AccelSim.Studies.Networks;
using AccelSim.Studies.Support;
using Spectre.Console;

namespace AccelSim.Cli.Commands;

/// <summary><c>accelsim support</c></summary>
internal static class SupportCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("network") { Description = NetworkArguments.NetworkHelp };
        var arguments = new NetworkArguments();
        var command = new Command("support", """
            Which backend executes which operators of the int8 network, and the reason for each no.

            Examples:
              accelsim support mobilenet_v2
              accelsim support model.onnx
            """) { network };
        arguments.AddTo(command);
        command.SetAction((result, cancellation) => Terminal.Run(() =>
        {
            var prepared = PreparedNetwork.Prepare(new NetworkRequest
            {
                NetworkOrFile = result.GetValue(network)!,
                Options = arguments.Read(result),
                Dimensions = arguments.Dimensions(result),
                SampleCount = 1,
            }, cancellation: cancellation);
            var matrix = SupportMatrix.Of(prepared.Quantized);
            var table = new Table().Border(TableBorder.Simple).AddColumns(["operator", "layers", "first", .. SupportMatrix.Backends]);
            foreach (var row in matrix.Rows)
                table.AddRow([row.Operator, $"{row.Layers}", Markup.Escape(row.First), .. row.Reasons.Select(reason => Markup.Escape(reason is null ? "yes" : $"no: {reason}"))]);
            Terminal.Output.Write(table);
            Terminal.Output.MarkupLineInterpolated($"as one pipeline in Verilog, or in HLS C++: {(matrix.Pipeline is null ? "yes" : $"no: {matrix.Pipeline}")}");
            return Terminal.Success;
        }));
        return command;
    }
}
