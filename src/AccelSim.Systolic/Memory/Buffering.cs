namespace AccelSim.Systolic.Memory;

/// <summary>How a level of memory fills.</summary>
public enum Buffering
{
    /// <summary>It fills, then it is read: no transfer hides behind the work that uses it, and all of it is room.</summary>
    Single,

    /// <summary>One half fills while the other is read: transfers hide, and half of it is room.</summary>
    Double,

    /// <summary>A queue: it fills behind what is read, so that transfers hide and all of it is room, but nothing stays in it.</summary>
    Fifo,
}
