using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AccelSim.Models.Trained;

/// <summary>How trained weights came to be, kept beside them in <c>training.yaml</c>.</summary>
public sealed record TrainingRecord
{
    public string Network { get; init; } = "";

    /// <summary>The command that trained it.</summary>
    public string Command { get; init; } = "";

    public string DataSet { get; init; } = "";

    public string Licence { get; init; } = "";

    public int Seed { get; init; }

    public int TrainingImages { get; init; }

    public int ValidationImages { get; init; }

    public int TestImages { get; init; }

    public int EpochsRun { get; init; }

    public int BestEpoch { get; init; }

    /// <summary>Top-1 on held-out training images, which chose the epoch.</summary>
    public double ValidationAccuracy { get; init; }

    /// <summary>Top-1 on the test set, which chose nothing.</summary>
    public double TestAccuracy { get; init; }

    /// <summary>Preprocessing: real = (pixel ÷ 255 − mean) ÷ deviation.</summary>
    public double Mean { get; init; }

    public double Deviation { get; init; }

    public void Save(string path) => File.WriteAllText(path,
        new SerializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Serialize(this));

    public static TrainingRecord Load(string path) =>
        new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<TrainingRecord>(File.ReadAllText(path));
}
