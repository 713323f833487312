using System.CommandLine;
using AccelSim.Cli.Commands;

var root = new RootCommand("AccelSim: how fast, how big and how hungry a network is on a GPU, an FPGA or an ASIC - and its RTL.")
{
    TrainCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
