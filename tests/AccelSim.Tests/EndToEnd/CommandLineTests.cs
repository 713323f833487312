using System.Diagnostics;
using System.Text.Json;

namespace AccelSim.Tests.EndToEnd;

/// <summary>The program as a user starts it: output, errors and exit codes.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("accelsim-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("show lexnet", 2, "There is no network 'lexnet' (there are lenet5")]
    [InlineData("show lenet5 --width 2", 2, "lenet5 has no option 'width' (there are variant: modern, 1998; resolution: 32 to 4096; classes: 1 to 1000000).")]
    [InlineData("show lenet5 --dump-after fold", 2, "There is no pass 'fold' (there are fold-batch-norm, fuse-activation, remove-dead-layers, quantize).")]
    [InlineData("show resnet50 --option stride=2x2", 2, "resnet50 has no stride '2x2' (allowed: 3x3, 1x1).")]
    [InlineData("show resnet50 --option stride", 2, "--option stride is not name=value, such as stride=1x1.")]
    [InlineData("show resnet50 --option stride=1x1 --option stride=3x3", 2, "--option stride is given twice: 1x1 and 3x3.")]
    [InlineData("show mobilenet_v2 --option width=0.5", 2, "--option width=0.5 has a flag of its own: write --width 0.5.")]
    [InlineData("show mlp --option layers=784", 2, "mlp has no layers '784' (allowed: 2 to 64 sizes of 1 to 1000000 joined by -, such as 784-100-10).")]
    [InlineData("show ./missing.yaml --option stride=1x1", 2, "other options choose a network of the zoo; ./missing.yaml is as it is.")]
    [InlineData("show missing.yaml", 2, "There is no file missing.yaml.")]
    [InlineData("verify lenet5 --device cuda:7", 3, "There is no device 'cuda:7' here.")]
    [InlineData("verify lenet5 --hw tpu_v9", 2, "tpu_v9")]
    [InlineData("verify lenet5 --hw h100 --rtl none", 2, "h100 is a gpu, which has no systolic array")]
    [InlineData("verify lenet5 --samples 1000", 2, "There are 1 to 256 images to choose from, but 1000 were asked for.")]
    [InlineData("verify lenet5 --image /nowhere/cat.png", 2, "There is no file /nowhere/cat.png.")]
    [InlineData("compare lenet5 --on h100,toaster", 2, "toaster")]
    [InlineData("generate lenet5 --layer 1 --out block", 2, "has 0 depthwise-separable blocks, and 1 is not one of 1 to 0.")]
    [InlineData("generate lenet5 --layer 1", 2, "Option '--out' is required.")]
    [InlineData("generate lenet5 --target chisel --out net", 2, "Cannot parse argument 'chisel' for option '--target'")]
    [InlineData("generate lenet5 --target hls --device ecp5-85f --out net", 2, "'ecp5-85f' has no part for Vitis HLS, which is for AMD's FPGAs")]
    [InlineData("vrify", 2, "Unrecognized command or argument 'vrify'.")]
    [InlineData("frob", 2, "Unrecognized command or argument 'frob'")]
    [InlineData("show lenet5 --width much", 2, "Cannot parse argument 'much' for option '--width'")]
    [InlineData("verify --ranges 7", 2, "Argument '7' not recognized.")]
    [InlineData("verify --samples 1 --rtl ,", 2, "No layer is named for the Verilog to run: name some, or all, or none.")]
    [InlineData("verify lenet5 --rtl c1", 2, "The rtl backend cannot execute layer 'c1'")]
    [InlineData("verify lenet5 --weights trained/mine", 2, "--weights names a folder with a network and its weights of its own")]
    [InlineData("verify lenet5 --image cat.png --samples 2", 2, "--image and --samples both choose what to run")]
    [InlineData("verify lenet5 --json - --dump-after quantize", 2, "both write to stdout")]
    [InlineData("verify lenet5 --json /nowhere/report.json", 2, "/nowhere/report.json cannot be written: there is no folder /nowhere.")]
    [InlineData("show ./missing.yaml --width 0.5", 2, "Variant, width, resolution, classes and other options choose a network of the zoo; ./missing.yaml is as it is.")]
    [InlineData("show lenet5 --yaml net.weights", 2, "net.weights is where the weights go")]
    [InlineData("compare lenet5 --on ,", 2, "--on names no platform")]
    [InlineData("train lenet5 --epochs 0", 2, "Epochs, patience and batch size must be at least 1, but are 0, 8 and 128.")]
    [InlineData("train lenet5 --learning-rate nan", 2, "The learning rate NaN must be finite and above 0.")]
    [InlineData("train lenet5 --engine cuda:7", 3, "There is no device 'cuda:7' here.")]
    [InlineData("learn xor --backend cuda:7", 3, "There is no device 'cuda:7' here.")]
    [InlineData("learn lstm --data /nowhere", 2, "There is no t10k-images-idx3-ubyte, with or without .gz, in /nowhere.")]
    [InlineData("learn rbm --hidden 0", 2, "Hidden units, epochs and batch must be at least 1")]
    [InlineData("learn hopfield --flip 1.5", 2, "the share of flipped units in [0, 1]")]
    [InlineData("show lenet5 --training --quantized", 2, "A training step is in float and has layers that ONNX lacks")]
    [InlineData("hw check missing.yaml", 2, "there is no platform file 'missing.yaml'")]
    public void A_wrong_request_is_one_message_and_an_exit_code(string arguments, int exitCode, string message)
    {
        var (code, output, error) = Run(arguments.Split(' '));
        Assert.Equal(exitCode, code);
        Assert.Contains(message, error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("   at AccelSim", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_the_command_that_the_user_typed()
    {
        var (code, output, _) = Run("generate", "--help");
        Assert.Equal(0, code);
        Assert.Contains("accelsim generate <network> [options]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_gives_the_totals_as_json()
    {
        var (code, output, _) = Run("show", "mobilenet_v2", "--json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(3504872, json.RootElement.GetProperty("parameters").GetInt64());
        Assert.Equal(300774272, json.RootElement.GetProperty("macs").GetInt64());
        Assert.Equal(53, json.RootElement.GetProperty("weighted_layers").GetInt32());
    }

    [Fact]
    public void Show_gives_a_training_step_as_json()
    {
        long Macs(params string[] more)
        {
            var (code, output, error) = Run(["show", "lenet5", "--batch", "4", "--json", .. more]);
            Assert.True(code == 0, error);
            using var json = JsonDocument.Parse(output);
            return json.RootElement.GetProperty("macs").GetInt64();
        }

        // The first layer's input needs no gradient: 5×5 to 6 channels of 28×28.
        Assert.Equal(3 * Macs() - 4 * 25 * 6 * 28 * 28, Macs("--training"));
    }

    [Fact]
    public void Learning_is_written_as_json()
    {
        var (code, output, error) = Run("learn", "hopfield", "--patterns", "3", "--units", "60", "--backend", "systolic", "--json", "-");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(3, json.RootElement.GetProperty("recalled").GetInt32());
        Assert.True(json.RootElement.GetProperty("energyNeverRises").GetBoolean());
    }

    [Fact]
    public void Models_says_as_json_how_to_ask_for_every_variant()
    {
        var (code, output, _) = Run("models", "--json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        var networks = json.RootElement.EnumerateArray().ToDictionary(network => network.GetProperty("name").GetString()!);
        Assert.Equal(25557032, networks["resnet50"].GetProperty("parameters").GetInt64());
        foreach (string name in (string[])["resnet50", "shufflenet_v1", "mlp", "gru"])
        {
            // The last value of each choice, in the words that the list gives.
            var options = networks[name].GetProperty("options").EnumerateArray().Where(option => option.GetProperty("kind").GetString() == "choice");
            var words = options.SelectMany(option => option.GetProperty("arguments").EnumerateArray()
                .Select(word => word.GetString()!.Replace("{value}", option.GetProperty("values").EnumerateArray().Last().GetString(), StringComparison.Ordinal)));
            var (shown, summary, error) = Run(["show", name, "--json", .. words]);
            Assert.True(shown == 0, error);
            using var network = JsonDocument.Parse(summary);
            Assert.NotEqual(name, network.RootElement.GetProperty("name").GetString());
            Assert.StartsWith(name, network.RootElement.GetProperty("name").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_saved_graph_verifies_from_its_file()
    {
        string file = Path.Combine(_folder.FullName, "net.yaml"), report = Path.Combine(_folder.FullName, "report.json");
        Assert.Equal(0, Run("show", "mobilenet_v1", "--width", "0.25", "--resolution", "32", "--classes", "7", "--yaml", file).Code);
        var (code, output, error) = Run("verify", file, "--samples", "1", "--device", "cpu", "--rtl", "none", "--json", report);
        Assert.True(code == 0, output + error);
        Assert.Contains("AGREE: 30 layers", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        Assert.True(json.RootElement.GetProperty("agrees").GetBoolean());
    }

    [Fact]
    public void Compare_marks_every_figure()
    {
        var (code, output, _) = Run("compare", "mobilenet_v1", "--width", "0.5", "--on", "h100,t4,zcu102,alveo-u250,tpu_v1,edge_tpu");
        Assert.Equal(0, code);
        string[] rows = [.. output.Split('\n').Where(line => line.Contains(" ms ", StringComparison.Ordinal))];
        // Three precisions a GPU, an array and a pipeline an FPGA, an array an ASIC.
        Assert.Equal(12, rows.Length);
        Assert.All(rows, row => Assert.Matches("measured|cycle-accurate|modelled", row));
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "AccelSim.Cli"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)));
        return (process.ExitCode, output, error.Result);
    }
}
