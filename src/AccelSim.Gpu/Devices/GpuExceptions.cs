namespace AccelSim.Gpu;

/// <summary>Something about a GPU went wrong; the message names the device and the remedy.</summary>
public class GpuException : Exception
{
    public GpuException()
    {
    }

    public GpuException(string message) : base(message)
    {
    }

    public GpuException(string message, Exception? inner) : base(message, inner)
    {
    }
}

/// <summary>No device has the id that was asked for; the message lists those that there are.</summary>
public sealed class GpuDeviceNotFoundException(string message) : GpuException(message);

/// <summary>The device's memory cannot hold the graph's weights and values.</summary>
public sealed class GpuOutOfMemoryException(string message, Exception? inner = null) : GpuException(message, inner);

/// <summary>The device stopped answering or refused a command; what it held is lost, the process is not.</summary>
public sealed class GpuDeviceLostException(string message, Exception? inner = null) : GpuException(message, inner);

/// <summary>A kernel left an element of its output as it was before the run.</summary>
public sealed class UnwrittenElementException(string layer, long index, string message) : GpuException(message)
{
    public string Layer { get; } = layer;

    /// <summary>The first such element, in row-major order.</summary>
    public long Index { get; } = index;
}
