using System.CommandLine;
using System.CommandLine.Help;
using AccelSim.Cli;
using AccelSim.Cli.Commands;

// Not a RootCommand: its help would name the executable instead of the launcher that the user typed.
var root = new Command("accelsim", """
    AccelSim: how fast, how big and how hungry a network is on a GPU, an FPGA or an ASIC - and its RTL.

    Examples:
      accelsim verify
      accelsim show mobilenet_v2
      accelsim compare mobilenet_v1 --on h100,zcu102,tpu_v1
      accelsim generate mobilenet_v1 --width 0.25 --resolution 32 --layer 3 --out block3

    Exit codes: 0 all ran and agreed, 1 backends disagree, 2 wrong request, 3 a tool or device is missing, 70 a defect of AccelSim, 130 interrupted.
    """)
{
    new HelpOption(),
    new VersionOption(),
    VerifyCommand.Create(),
    RunCommand.Create(),
    CompareCommand.Create(),
    SimulateCommand.Create(),
    GenerateCommand.Create(),
    GenerateArrayCommand.Create(),
    SupportCommand.Create(),
    ShowCommand.Create(),
    ModelsCommand.Create(),
    HardwareCommand.Create(),
    DevicesCommand.Create(),
    TrainCommand.Create(),
    LearnCommand.Create(),
    OnnxTestCommand.Create(),
    OnnxFuzzCommand.Create(),
    StudyCommand.Create(),
    ValidateCommand.Create(),
};
var request = root.Parse(args);
try
{
    int code = await request.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return request.Errors.Count > 0 ? Terminal.BadRequest : code;
}
catch (Exception error)
{
    Console.Error.WriteLine($"defect: this is an error of AccelSim, not of the request.\n{error}");
    return Terminal.Defect;
}
