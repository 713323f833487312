using System.Globalization;
using AccelSim.Systolic;
using AccelSim.Systolic.RegisterLevel;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AccelSim.Benchmarks;

/// <summary>
/// The register-level array on full folds of 256 steps. Its measure is processing elements stepped a second on one core: at least 100 million.
/// The first column of them is by the clock on the wall, the second by the processor's time in this process, which other programs do not lengthen.
/// </summary>
[Config(typeof(Columns))]
public class RegisterLevelBenchmarks
{
    private const int Folds = 8;
    private const int Steps = 256;

    private static readonly Dictionary<(int, Dataflow, FoldSchedule), (long ElementCycles, double PerProcessorSecond)> Measured = [];

    private FoldOperands[] _folds = [];

    [Params(16, 64, 256)]
    public int Side { get; set; }

    [ParamsAllValues]
    public Dataflow Dataflow { get; set; }

    [ParamsAllValues]
    public FoldSchedule Schedule { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        int top = Dataflow == Dataflow.OutputStationary ? Steps : Side;
        _folds = [.. Enumerable.Range(0, Folds).Select(_ => new FoldOperands(Side, Side, Steps, Codes(Steps * Side), Codes(top * Side)))];

        int[] Codes(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-128, 128))];
    }

    [Benchmark]
    public long Run() => RegisterLevelArray.Run(Side, Side, Dataflow, Schedule, _folds).Cycles;

    [GlobalCleanup]
    public void MeasureProcessorTime()
    {
        long elementCycles = Side * Side * Run();
        TimeSpan begin = Environment.CpuUsage.UserTime, spent;
        int runs = 0;
        do
        {
            Run();
            runs++;
            spent = Environment.CpuUsage.UserTime - begin;
        }
        while (spent.TotalSeconds < 0.5);
        Measured[(Side, Dataflow, Schedule)] = (elementCycles, runs * elementCycles / spent.TotalSeconds);
    }

    private sealed class Columns : ManualConfig
    {
        public Columns()
        {
            AddColumn(new RateColumn("M PE-cycles/s", (summary, benchmark, elementCycles, _) => elementCycles / (summary[benchmark]!.ResultStatistics!.Mean / 1e9)));
            AddColumn(new RateColumn("M PE-cycles/s of CPU", (_, _, _, perProcessorSecond) => perProcessorSecond));
        }
    }

    private sealed class RateColumn(string name, Func<Summary, BenchmarkCase, long, double, double> rate) : IColumn
    {
        public string Id => name;

        public string ColumnName => name;

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public string Legend => "Processing elements times cycles, in millions a second";

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            var of = benchmarkCase.Parameters;
            var key = ((int)of[nameof(Side)], (Dataflow)of[nameof(Dataflow)], (FoldSchedule)of[nameof(Schedule)]);
            return Measured.TryGetValue(key, out var measured) && summary[benchmarkCase]?.ResultStatistics is not null
                ? (rate(summary, benchmarkCase, measured.ElementCycles, measured.PerProcessorSecond) / 1e6).ToString("f0", CultureInfo.InvariantCulture)
                : "?";
        }

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
    }
}
