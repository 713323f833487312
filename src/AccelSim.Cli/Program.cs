using System.CommandLine;
using System.CommandLine.Invocation;
using AccelSim.Cli;
using AccelSim.Cli.Commands;

var root = new RootCommand("""
    AccelSim: how fast, how big and how hungry a network is on a GPU, an FPGA or an ASIC - and its RTL.

    Examples:
      accelsim verify
      accelsim show mobilenet_v2
      accelsim compare mobilenet_v1 --on h100,zcu102,tpu_v1
      accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --layer 3 --out block3

    Exit codes: 0 all ran and agreed, 1 backends disagree, 2 wrong request, 3 a tool or device is missing, 70 a defect of AccelSim, 130 interrupted.
    """)
{
    VerifyCommand.Create(),
    CompareCommand.Create(),
    GenerateCommand.Create(),
    ShowCommand.Create(),
    ModelsCommand.Create(),
    HardwareCommand.Create(),
    DevicesCommand.Create(),
    TrainCommand.Create(),
};
var request = root.Parse(args);
try
{
    int code = await request.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return request.Action is ParseErrorAction ? Terminal.BadRequest : code;
}
catch (Exception error)
{
    Console.Error.WriteLine($"defect: this is an error of AccelSim, not of the request.\n{error}");
    return Terminal.Defect;
}
