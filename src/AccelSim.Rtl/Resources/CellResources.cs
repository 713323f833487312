using System.Numerics;

namespace AccelSim.Rtl.Resources;

/// <summary>What each cell takes in a family, in closed form in its parameters; one method a cell of templates/verilog/cells.</summary>
/// <param name="family">The fabric.</param>
/// <param name="ultraRam">Whether large buffers may become URAM.</param>
internal sealed class CellResources(FabricFamily family, bool ultraRam = false)
{
    /// <summary>A DSP48E1 takes registers before, inside and behind the multiplier into itself, and an SB_MAC16 too; Yosys 0.23 does so for no other family.</summary>
    private bool SlicesTakeRegisters => family is FabricFamily.Series7 or FabricFamily.Ice40;

    /// <summary>A DSP48E1 also takes an adder behind the multiplier.</summary>
    private bool SlicesTakeAdders => family == FabricFamily.Series7;

    private bool HasShiftRegisters => family is FabricFamily.UltraScalePlus or FabricFamily.Series7;

    private bool HasLut6 => HasShiftRegisters;

    /// <summary>rom and packed_weights.</summary>
    /// <param name="width">Bits of a word.</param>
    /// <param name="depth">Words.</param>
    /// <param name="columns">Bits of a word that are neither constant nor equal to another, where it becomes logic.</param>
    /// <param name="intoSlices">Whether its output goes to multipliers alone.</param>
    public CellUse Rom(long width, long depth, double columns, bool intoSlices)
    {
        if (depth == 1)
            return new CellUse();
        var mapping = MemoryMapping.Of(family, width, depth, MemoryUse.Rom);
        if (mapping.Kind == MemoryKind.Logic)
            return new CellUse(Registers: columns * (intoSlices && SlicesTakeRegisters ? 1 : 2), Rom: columns * ColumnLuts(depth));
        return Storage(mapping, width) with { Registers = intoSlices && SlicesTakeRegisters ? 0 : width };
    }

    /// <summary>The weights of pointwise_unit and convolution_unit: rom, or packed_weights, whose second register has a bit more for a pair and a subtraction before it.</summary>
    public CellUse PackableWeights(long width, long depth, long weights, int weightBits, bool packed)
    {
        double columns = RandomColumns(width, depth);
        var rom = Rom(width, depth, columns, intoSlices: true);
        if (!packed || depth == 1)
            return rom;
        double added = weights / 2.0 * (weightBits + 1);
        return rom with { Registers = rom.Registers + (SlicesTakeRegisters ? 0 : weights / 2.0), Adders = rom.Adders + added };
    }

    /// <summary>Columns that are left of random words: with few words, equal columns become one and constant ones none.</summary>
    public static double RandomColumns(long width, long depth)
    {
        if (depth > 16)
            return width;
        double functions = Math.Pow(2, depth);
        return (functions - 2) * (1 - Math.Pow(1 - 1 / functions, width));
    }

    /// <summary>window_reader without its line buffer.</summary>
    public static CellUse WindowReader(long height, long width, long groups, int kernel, int stride, int taps, long outHeight, long outWidth, long sweeps, bool padded)
    {
        int columns = taps == kernel * kernel ? kernel : 1;
        long bankWidth = (width + columns - 1) / columns;
        int y = Bits(height + 2 * kernel - 1) + 1, x = Bits(width + 2 * kernel - 1) + 1, column = Math.Max(1, Bits(bankWidth * groups - 1));
        long reads = sweeps * groups * kernel * kernel / taps;
        double registers = (taps == 1 ? Counter(kernel) : 0) + (taps == kernel * kernel ? 0 : Counter(kernel)) + (taps == kernel * kernel ? 0 : column) + Counter(groups)
            + Counter(sweeps) + (reads > 1 ? Bits(reads - 1) : 0) + Bits(outWidth) + Bits(outHeight) + y + x + (taps == 1 && kernel == 1 ? 0 : Bits(kernel + stride))
            + (columns > 1 ? Bits(kernel) : 0) + column;
        return new CellUse(Registers: registers, Adders: 3 * y + (padded ? 2 * (columns + (taps > 1 ? kernel : 1)) : 0) + 2 * column, Control: registers);
    }

    /// <summary>line_buffer.</summary>
    public CellUse LineBuffer(long width, int lanes, long groups, int kernel, int rows, int taps)
    {
        int tapRows = taps > 1 ? kernel : 1, tapColumns = taps == kernel * kernel ? kernel : 1;
        int rowBanks = taps > 1 ? rows : 1, columnBanks = tapColumns;
        long rowWords = (width + columnBanks - 1) / columnBanks * groups, depth = rowWords * (rows / rowBanks);
        int beat = 8 * lanes, address = Math.Max(1, Bits(depth - 1)), slot = Bits(rows);
        var banks = rowBanks * columnBanks * Buffer(beat, depth);
        double counters = slot + (width > 1 ? Bits(width - 1) : 0) + (groups > 1 ? Bits(groups - 1) : 0) + (columnBanks > 1 ? Bits(kernel) : 0) + address + slot;
        double selects = (rowBanks > 1 ? slot : 0) + (columnBanks > 1 ? Bits(kernel) : 0) + tapRows + tapColumns;
        double tapBits = (double)beat * tapRows * tapColumns;
        return banks + new CellUse(
            Registers: counters + selects + (SlicesTakeRegisters ? 0 : tapBits),
            Rotation: (rowBanks > 1 ? (double)beat * tapRows * columnBanks * RotationLuts(rowBanks) : 0) + (columnBanks > 1 ? tapBits * RotationLuts(columnBanks) : 0),
            Adders: columnBanks * (double)address + 2 * address,
            Control: counters + rowBanks * columnBanks);
    }

    /// <summary>pixel_buffer.</summary>
    public CellUse PixelBuffer(long channels, int pixels, int writeLanes, int readLanes, bool intoSlices = true)
    {
        int banks = Math.Max(1, readLanes / writeLanes), parts = Math.Max(1, writeLanes / readLanes);
        long words = channels / ((long)writeLanes * banks), depth = words * pixels;
        int address = Bits(depth - 1);
        double counters = Counter(banks) + 2 * Counter(words) + 3 * address + Counter(parts) + Bits(pixels);
        return banks * Buffer(8 * writeLanes, depth) + new CellUse(
            Registers: counters + Counter(parts) + (SlicesTakeRegisters && intoSlices ? 0 : 8 * readLanes),
            Rotation: parts > 1 ? 8.0 * readLanes * MultiplexerLuts(parts) : 0,
            Control: counters + banks);
    }

    /// <summary>pointwise_unit without its weights and sums.</summary>
    public static CellUse PointwiseControl(long steps, long groups, int credits)
    {
        double registers = Counter(steps) + Counter(groups) + (steps * groups > 1 ? Bits(steps * groups - 1) : 0) + Bits(credits);
        return new CellUse(Registers: registers, Control: registers + Bits(credits)) + Flags();
    }

    /// <summary>credit_counter.</summary>
    public static CellUse CreditCounter(int credits) => new(Registers: Bits(credits), Control: 2 * Bits(credits));

    /// <summary>The valid and last bits that accompany a read through a unit's memories; first bits become a shift register further on.</summary>
    public static CellUse Flags() => new(Registers: 4, Control: 1);

    /// <summary>dot_product.</summary>
    public CellUse DotProduct(int outputs, int terms, int weightBits, int sumBits, bool packed)
    {
        int levels = Bits(terms - 1), product = 8 + weightBits;
        double registers = 0, adders = 0;
        if (!SlicesTakeRegisters)
            registers += (double)terms * product;
        for (int level = 1, below = terms, plain = product; level <= levels; level++)
        {
            int pairs = below / 2;
            bool inSlices = SlicesTakeAdders && level == 1 && !packed;
            registers += (inSlices ? 0 : (double)pairs * sumBits) + (below % 2) * (plain > 0 ? plain : sumBits);
            // Sums of two products have a carry chain as long as they are; what is above copies its last bit.
            adders += inSlices ? 0 : (double)pairs * (HasLut6 && level == 1 ? product + 1 : sumBits);
            below = (below + 1) / 2;
            if (below % 2 == 0)
                plain = 0;
        }
        registers += sumBits;
        adders += sumBits;
        return new CellUse(
            Dsps: (packed ? outputs / 2.0 : outputs) * terms,
            Registers: outputs * registers + 2 * levels + 3 + (packed ? outputs / 2.0 * (terms - 1) : 0) + (HasShiftRegisters ? 0 : levels + 1),
            Adders: outputs * adders,
            // The mask of the running sum, which a LUT6 takes together with the sum.
            Choices: HasLut6 ? 0 : (double)outputs * sumBits,
            Memory: HasShiftRegisters ? 1 : 0);
    }

    /// <summary>serializer.</summary>
    public static CellUse Serializer(int width, int ratio) => new(
        Registers: (double)width * ratio + Bits(ratio), Choices: (double)width * (ratio - 1), Control: 2 * Bits(ratio));

    /// <summary>requantizer, with round_clamp.</summary>
    public CellUse Requantizer(int lanes, long channels, int sumBits, int multiplierBits, bool serialized, RequantColumns columns)
    {
        long words = channels / lanes;
        int product = 32 + multiplierBits - columns.DroppedBits;
        bool logic = MemoryMapping.Of(family, (long)lanes * (38 + multiplierBits), words, MemoryUse.Rom).Kind == MemoryKind.Logic;
        double bias = logic ? columns.Bias : 32, multiplier = logic ? columns.Multiplier : multiplierBits, shift = logic ? columns.Shift : 6;
        // The memory's registers are counted here, since most of them go into shift registers or slices.
        var rom = Rom((long)lanes * (38 + multiplierBits), words, lanes * (bias + multiplier + shift), false) with { Registers = 0 };
        double registers = 43 + product, memory = 0;
        if (words > 1)
        {
            registers += (logic ? 2 : 1) * bias;
            // read_q, data_o and multiplier_q; read_q, data_o, shift_q and shift2_q.
            Delay(logic ? 3 : 2, multiplier, SlicesTakeAdders ? 2 : SlicesTakeRegisters ? 1 : 0);
            Delay(logic ? 4 : 3, shift, 0);
        }
        bool pieces = RequantizerSlices(multiplierBits) > 2;
        registers += SlicesTakeRegisters ? 0 : 32;
        // Of a product in two slices, the lower one's bits are registers; of one in four, all.
        registers += !SlicesTakeAdders || pieces ? product : Math.Max(0, 17 - columns.DroppedBits);
        // The serializer's lowest word, read_q and wait_q.
        if (serialized && HasShiftRegisters)
        {
            registers -= sumBits;
            memory += sumBits;
        }
        else
        {
            registers += 2 * sumBits;
        }
        return rom + lanes * new CellUse(
            Dsps: RequantizerSlices(multiplierBits),
            Registers: registers,
            Memory: memory,
            Adders: 32 + 12 + 12 + (pieces ? (family == FabricFamily.Ecp5 ? 5 : 1) * product : 0) + (SlicesTakeAdders ? 0 : Math.Max(0, product - 17)),
            Shifter: product * (HasLut6 ? Math.Ceiling(Math.Max(1, shift) / 2) : Math.Max(1, shift)),
            Limits: (product - 10) / 5.0 + 12 + 16) + new CellUse(Registers: 8 + (words > 1 ? Bits(words - 1) : 0), Control: words > 1 ? Bits(words - 1) : 0);

        void Delay(int length, double bits, int inSlice)
        {
            length -= inSlice;
            if (length >= ShortestShiftRegister && HasShiftRegisters)
                memory += bits;
            else
                registers += length * bits;
        }
    }

    /// <summary>activation_table.</summary>
    public CellUse ActivationTable(int lanes) => lanes * Rom(8, 256, 8, false) + new CellUse(Registers: 2);

    /// <summary>fifo.</summary>
    public CellUse Fifo(int width, int depth)
    {
        int address = Math.Max(1, Bits(depth - 1));
        double counters = depth > 1 ? 2 * address + Bits(depth) : 1;
        var mapping = MemoryMapping.Of(family, width, depth, MemoryUse.Queue);
        var storage = mapping.Kind == MemoryKind.Logic
            ? new CellUse(Registers: (double)width * depth, Rotation: width * MultiplexerLuts(depth), Control: depth > 1 ? depth : 0)
            // The address register in front of a LUT RAM; in a block RAM the copy of a word that is written while it is read.
            : Storage(mapping, width) + (mapping.Kind == MemoryKind.LutRam
                ? new CellUse(Registers: address)
                : new CellUse(Registers: width + 1, Choices: width, Control: address));
        return storage + new CellUse(Registers: counters, Control: counters);
    }

    /// <summary>block_fifo.</summary>
    public CellUse BlockFifo(int width, int depth) =>
        Buffer(width, depth) + Fifo(width, 3) + CreditCounter(3) + new CellUse(Registers: 2 * Bits(depth - 1) + 2 * Bits(depth) + 1, Control: 2 * Bits(depth - 1) + 2 * Bits(depth));

    /// <summary>scale_stage without its queue.</summary>
    public CellUse Scale(long pixels, long channels, int lanes, int gateLanes, int multiplierBits, int credits)
    {
        int product = 19 + multiplierBits;
        double counters = Bits(channels / lanes - 1) + Bits(pixels - 1) + Bits(channels / gateLanes - 1);
        return PixelBuffer(channels, 2, gateLanes, lanes, intoSlices: false) + CreditCounter(credits) + CreditCounter(2)
            + lanes * new CellUse(
                Dsps: 1 + (multiplierBits <= 17 ? 1 : 2),
                Registers: 16 + 18 + (SlicesTakeRegisters ? 0 : 18 + product) + product + 43,
                Adders: 18 + 24,
                Limits: (product - 10) / 5.0 + 28) + new CellUse(Registers: counters + 10, Control: counters);
    }

    /// <summary>slice_stage and pad_stage: counters and a register slice.</summary>
    public static CellUse Rearrangement(long height, long width, long groups, int lanes)
    {
        double counters = Bits(height - 1) + Bits(width - 1) + Bits(groups - 1);
        return SkidBuffer(8 * lanes) + new CellUse(Registers: counters, Control: 3 * counters);
    }

    /// <summary>skid_buffer.</summary>
    public static CellUse SkidBuffer(int width) => new(Registers: 2 * width + 2, Choices: width, Control: 2);

    /// <summary>width_converter.</summary>
    public static CellUse WidthConverter(int inLanes, int outLanes)
    {
        int ratio = Math.Max(inLanes, outLanes) / Math.Min(inLanes, outLanes), wide = 8 * Math.Max(inLanes, outLanes);
        return new CellUse(Registers: wide + Bits(ratio), Choices: inLanes > outLanes ? wide - 8 * outLanes : 0, Control: 3 * Bits(ratio));
    }

    /// <summary>pool_unit behind its window_reader.</summary>
    public static CellUse Pool(int lanes, int resultBits, bool max) => new CellUse(
        Registers: lanes * resultBits + 6, Adders: lanes * resultBits, Choices: lanes * resultBits * (max ? 1 : 0)) + new CellUse(Control: 2);

    /// <summary>global_pool_unit.</summary>
    public CellUse GlobalPool(long pixels, long groups, int lanes, int sumBits, int credits)
    {
        var mapping = MemoryMapping.Of(family, sumBits, groups, MemoryUse.Queue);
        var sums = mapping.Kind == MemoryKind.Logic
            ? new CellUse(Registers: (double)sumBits * groups, Rotation: sumBits * MultiplexerLuts(groups), Control: groups)
            : Storage(mapping, sumBits);
        double counters = (groups > 1 ? Bits(groups - 1) : 0) + (pixels > 1 ? Bits(pixels - 1) : 0);
        return lanes * (sums + new CellUse(Registers: sumBits, Adders: sumBits)) + CreditCounter(credits) + new CellUse(Registers: counters + 1, Control: counters);
    }

    /// <summary>residual_add.</summary>
    public CellUse ResidualAdd(int lanes, int multiplierBits, int credits)
    {
        int product = 10 + multiplierBits, total = product + 1;
        return lanes * new CellUse(
            Dsps: multiplierBits <= 17 || family is FabricFamily.UltraScalePlus or FabricFamily.Series7 ? 2 : 4,
            Registers: 18 + (SlicesTakeRegisters ? 0 : 2 * product) + 2 * total + 43,
            Adders: 18 + total + 24,
            // The shift is one of the stage, a constant.
            Limits: (total - 10) / 5.0 + 28) + CreditCounter(credits) + new CellUse(Registers: 8, Control: 2);
    }

    /// <summary>stream_fork and frame_marker.</summary>
    public static CellUse Fork { get; } = new(Registers: 2, Control: 4);

    public static CellUse FrameMarker(long beats) => new(Registers: (beats > 1 ? Bits(beats - 1) : 0) + 1, Control: beats > 1 ? Bits(beats - 1) : 0);

    /// <summary>Multipliers of a 32 × (m + 1) bit product, as mul2dsp splits it.</summary>
    public int RequantizerSlices(int multiplierBits) => family switch
    {
        // A last piece of one bit is too narrow for a slice and becomes logic.
        FabricFamily.Ice40 => multiplierBits <= 16 ? 2 : 4,
        FabricFamily.Ecp5 => multiplierBits <= 18 ? 2 : 4,
        _ => multiplierBits <= 17 ? 2 : 4,
    };

    private const int ShortestShiftRegister = 3;

    /// <summary>A memory of line_buffer and pixel_buffer: whole words in, whole words out with a clock.</summary>
    private CellUse Buffer(long width, long depth)
    {
        if (depth == 1)
            return new CellUse(Registers: 2 * width);
        var mapping = MemoryMapping.Of(family, width, depth, MemoryUse.Buffer, ultraRam);
        return mapping.Kind switch
        {
            MemoryKind.Logic => new CellUse(Registers: (double)width * depth + width, Rotation: width * MultiplexerLuts(depth), Control: depth),
            MemoryKind.LutRam => Storage(mapping, width) with { Registers = width },
            _ => Storage(mapping, width),
        };
    }

    private CellUse Storage(MemoryMapping mapping, long width)
    {
        var primitive = mapping.Primitive!;
        return new CellUse(
            BlockRams: mapping.Blocks * primitive.BlockRams,
            UltraRams: mapping.Kind == MemoryKind.UltraRam ? mapping.Blocks : 0,
            Memory: mapping.Blocks * primitive.Luts,
            Rotation: mapping.Banks > 1 ? width * MultiplexerLuts(mapping.Banks) : 0,
            Control: mapping.Banks > 1 ? mapping.Banks : 0);
    }

    /// <summary>LUTs that select one of <paramref name="inputs"/> bits: four a LUT6 with its selects, two a LUT4.</summary>
    private double MultiplexerLuts(long inputs) => HasLut6 ? Math.Ceiling((inputs - 1) / 3.0) : inputs <= 1 ? 0 : inputs - 1;

    /// <summary>The same where the select has a bit more than the inputs need, as it counts one beyond them.</summary>
    private double RotationLuts(int inputs) => HasLut6 ? Math.Ceiling((inputs + Bits(inputs) - 1) / 5.0) : inputs - 1;

    /// <summary>LUTs of a function of the address.</summary>
    private double ColumnLuts(long depth)
    {
        int inputs = HasLut6 ? 6 : 4;
        return depth <= 1 << inputs ? 1 : Math.Ceiling((double)depth / (1 << inputs));
    }

    /// <summary>Registers of a counter that the cells declare with $clog2(count + 1) bits; none where it never moves.</summary>
    private static int Counter(long count) => count > 1 ? Bits(count) : 0;

    /// <summary>Bits of the numbers from 0 to <paramref name="largest"/>.</summary>
    private static int Bits(long largest) => largest <= 0 ? 0 : BitOperations.Log2((ulong)largest) + 1;
}
