using AccelSim.Gpu;
using AccelSim.Platforms;
using AccelSim.Systolic;
using AccelSim.Systolic.Fpga;
using AccelSim.Systolic.Mapping;
using AccelSim.Systolic.Memory;

namespace AccelSim.Studies.Compare;

/// <summary>A platform file's records as the configurations that the backends take.</summary>
public static class PlatformModels
{
    /// <summary>A GPU's figures for the time model.</summary>
    public static GpuSpecification Gpu(GpuPlatform platform) => new(
        platform.Name,
        platform.ClockHertz.Value,
        checked((int)platform.Multiprocessors.Value),
        platform.Float32OpsPerSecond.Value / 2,
        platform.Int8OpsPerSecond?.Value / 2,
        platform.Memory.BytesPerSecond.Value,
        (long)platform.LastLevelCacheBytes.Value)
    {
        Float16MacsPerSecond = platform.Float16OpsPerSecond?.Value / 2,
        Tf32MacsPerSecond = platform.Tf32OpsPerSecond?.Value / 2,
        PowerWatts = platform.PowerWatts?.Value,
        ProcessNanometres = platform.ProcessNanometres?.Value,
    };

    /// <summary>A CPU's figures for the time model, a core as a multiprocessor.</summary>
    public static GpuSpecification Cpu(CpuPlatform platform) => new(
        platform.Name,
        platform.ClockHertz.Value,
        checked((int)platform.Cores.Value),
        platform.Float32OpsPerSecond.Value / 2,
        platform.Int8OpsPerSecond?.Value / 2,
        platform.Memory.BytesPerSecond.Value,
        (long)platform.LastLevelCacheBytes.Value)
    {
        IsCpu = true,
    };

    /// <summary>A software stack's file as the time model takes it.</summary>
    public static SoftwareProfile Stack(StackProfile profile) => new(
        profile.Name,
        profile.Fusion switch
        {
            StackFusion.Elementwise => KernelFusion.Elementwise,
            StackFusion.Epilogue => KernelFusion.Epilogue,
            _ => KernelFusion.None,
        },
        profile.IsSerial ? LaunchCost.Serial : LaunchCost.Overlapped,
        profile.ComputeEfficiency.Value,
        profile.MemoryEfficiency.Value,
        profile.LaunchSeconds.Value)
    {
        Winograd = profile.Winograd,
        SplitsConvolutions = profile.SplitsConvolutions,
        VectorProductsOnOneCore = profile.VectorProductsOnOneCore,
        CastsWeights = profile.CastsWeights,
    };

    public static ArrayConfiguration Array(AsicPlatform platform) => new(
        platform.Name,
        checked((int)platform.Array.Rows.Value),
        checked((int)platform.Array.Columns.Value),
        platform.Array.Stationary.Value switch
        {
            StationaryOperand.Output => Dataflow.OutputStationary,
            StationaryOperand.Weight => Dataflow.WeightStationary,
            _ => Dataflow.InputStationary,
        },
        platform.Array.Overlap.Value == FoldOverlap.Pipelined ? FoldSchedule.Pipelined : FoldSchedule.Serial,
        platform.ClockHertz.Value,
        checked((int)platform.VectorLanes.Value),
        MemoryOf(platform),
        platform.Array.Grouped?.Value switch
        {
            GroupedLayers.OneGroupAFold => GroupMapping.OneGroupAFold,
            GroupedLayers.GroupsAcrossColumns => GroupMapping.GroupsAcrossColumns,
            GroupedLayers.PixelsAcrossColumns => GroupMapping.PixelsAcrossColumns,
            _ => GroupMapping.Auto,
        })
    {
        Arrays = (int)(platform.Arrays?.Count.Value ?? 1),
        Sharing = platform.Arrays?.Divide.Value switch
        {
            SharedWork.OutputChannels => ArraySharing.OutputChannels,
            SharedWork.Pixels => ArraySharing.Pixels,
            SharedWork.Groups => ArraySharing.Groups,
            SharedWork.Images => ArraySharing.Images,
            _ => ArraySharing.Auto,
        },
        Depthwise = platform.DepthwiseEngine is { } engine ? new DepthwiseEngine((int)engine.Channels.Value, (int)engine.Taps.Value) : null,
        FuseDepthwise = platform.FuseDepthwise?.Value ?? false,
        Sparsity = platform.Sparsity is { } sparsity ? new WeightSparsity((int)sparsity.Kept.Value, (int)sparsity.Of.Value) : null,
    };

    /// <summary>The memories of an accelerator. What a file does not say: one bank and port, as wide as the array asks, bursts of one byte, all of the peak.</summary>
    public static MemoryHierarchy MemoryOf(AsicPlatform platform) => new([.. platform.Memories.Select(LevelOf)], DramOf(platform.Memory));

    /// <summary>The memory off the chip.</summary>
    public static Dram DramOf(OffChipMemory memory) => new(
        memory.BytesPerSecond.Value, memory.LatencySeconds?.Value ?? 0, (int)(memory.BurstBytes?.Value ?? 1), memory.Efficiency?.Value ?? 1);

    /// <summary>The largest array that fits an FPGA.</summary>
    /// <exception cref="ArrayConfigurationException">None fits.</exception>
    public static FpgaArray LargestArray(FpgaPlatform platform) =>
        FpgaArray.Largest(platform.Name, Budget(platform), platform.ClockHertz.Value, platform.Memory.BytesPerSecond.Value);

    /// <summary>The primitives of an FPGA.</summary>
    public static FpgaBudget Budget(FpgaPlatform platform) => new(
        Primitives(platform.Family.Value) with { Int8MacsPerDsp = checked((int)platform.Fabric.Int8MacsPerDsp.Value) },
        platform.Fabric.Dsps.Value,
        platform.Fabric.Luts.Value,
        platform.Fabric.Registers?.Value,
        platform.Fabric.BlockRams.Value,
        platform.Fabric.UltraRams?.Value ?? 0);

    /// <summary>The primitives of a family.</summary>
    public static FpgaPrimitives Primitives(FpgaFamily family) => family switch
    {
        FpgaFamily.Series7 => FpgaPrimitives.Series7,
        FpgaFamily.UltraScalePlus => FpgaPrimitives.UltraScalePlus,
        FpgaFamily.Ecp5 => FpgaPrimitives.Ecp5,
        _ => FpgaPrimitives.Ice40,
    };

    /// <summary>The array that simulates a platform: an ASIC's own, or the largest that fits an FPGA.</summary>
    /// <exception cref="Graph.GraphException">The platform is a GPU.</exception>
    public static ArrayConfiguration ArrayOf(Platform platform) => platform switch
    {
        AsicPlatform asic => Array(asic),
        FpgaPlatform fpga => LargestArray(fpga).Array,
        _ => throw new Graph.GraphException($"{platform.Name} is a {platform.Kind}, which has no systolic array: choose an ASIC or an FPGA (accelsim hw lists them)."),
    };

    private static MemoryLevel LevelOf(OnChipMemory memory) => new(
        memory.Name,
        memory.Holds.Aggregate(MemoryContents.None, (held, content) => held | content switch
        {
            MemoryContent.Activations => MemoryContents.Activations,
            MemoryContent.Weights => MemoryContents.Weights,
            _ => MemoryContents.PartialSums,
        }),
        (long)memory.SizeBytes.Value,
        memory.Fifo?.Value == true ? Buffering.Fifo : memory.DoubleBuffered.Value ? Buffering.Double : Buffering.Single)
    {
        Banks = checked((int)(memory.Banks?.Value ?? 1)),
        WidthBytes = memory.BankWidthBytes?.Value,
        Ports = checked((int)(memory.Ports?.Value ?? 1)),
        ReadPicojoulesPerByte = memory.ReadPicojoulesPerByte?.Value,
        WritePicojoulesPerByte = memory.WritePicojoulesPerByte?.Value,
    };
}
