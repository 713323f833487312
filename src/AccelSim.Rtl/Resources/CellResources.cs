using System.Numerics;
using AccelSim.Rtl.Network;
using AccelSim.Rtl.Network.Schedule;

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

    private readonly LutCounts _luts = new(family);

    /// <summary>rom and packed_weights.</summary>
    /// <param name="width">Bits of a word.</param>
    /// <param name="depth">Words.</param>
    /// <param name="columns">Bits of a word that are neither constant nor equal to another, where it becomes logic.</param>
    /// <param name="intoSlices">Whether its output goes to multipliers alone.</param>
    public FabricResources Rom(long width, long depth, double columns, bool intoSlices)
    {
        if (depth == 1)
            return FabricResources.None;
        var mapping = MemoryMapping.Of(family, width, depth, MemoryUse.Rom);
        if (mapping.Kind == MemoryKind.Logic)
            return Use(luts: columns * _luts.RomColumn(depth), registers: columns * (intoSlices && SlicesTakeRegisters ? 1 : 2));
        return Storage(mapping, width) with { Registers = intoSlices && SlicesTakeRegisters ? 0 : width };
    }

    /// <summary>The weights of pointwise_unit and convolution_unit: rom, or packed_weights, whose second register has a bit more for a pair and a subtraction before it.</summary>
    public FabricResources PackableWeights(long width, long depth, long weights, int weightBits, bool packed)
    {
        double columns = RandomColumns(width, depth);
        // A packed operand repeats its lower half's sign, and Yosys takes no such register into a DSP48E1.
        var rom = Rom(width, depth, columns, intoSlices: !(packed && SlicesTakeAdders));
        if (!packed || depth == 1)
            return rom;
        return rom + weights / 2.0 * Use(luts: weightBits + 1, registers: family == FabricFamily.Ice40 ? 0 : 1);
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
    public FabricResources WindowReader(long height, long width, long groups, int kernel, int stride, int taps, long outHeight, long outWidth, long sweeps)
    {
        int columns = taps == kernel * kernel ? kernel : 1, rows = taps > 1 ? kernel : 1;
        long bankWidth = (width + columns - 1) / columns;
        int y = Bits(height + 2 * kernel - 1) + 1, x = Bits(width + 2 * kernel - 1) + 1, column = Math.Max(1, Bits(bankWidth * groups - 1));
        long reads = sweeps * groups * kernel * kernel / taps;
        // A counter that moves by a multiple of a power of two has no lower bits; window columns move by a group or, in one bank, by a stride of groups.
        int moves = column - BitOperations.TrailingZeroCount(groups * (columns > 1 ? 1 : stride)), tap = column - BitOperations.TrailingZeroCount(groups);
        int half = stride == 2 ? 1 : 0;
        var use = Step(kernel / rows) + Step(kernel / columns) + Step(groups) + Step(sweeps) + Counting(reads > 1 ? Bits(reads - 1) : 0) + Counting(Bits(outHeight))
            + Counting(Bits(kernel + stride)) + Accumulating(Bits(outWidth)) + Accumulating(x - half) + Accumulating(Math.Max(1, moves)) + Counting(Math.Max(1, tap))
            + Counting(y - (family == FabricFamily.Ice40 ? half : 0)) + (columns > 1 ? Counting(Bits(kernel)) : FabricResources.None);
        // Rows needed, held and released, and which taps are inside the frame.
        return use + Use(luts: _luts.RowDecisions(family == FabricFamily.Ice40 ? y - half : y, overlap: stride < kernel) + _luts.Inside(rows, y) + _luts.Inside(columns, x));
    }

    /// <summary>line_buffer.</summary>
    public FabricResources LineBuffer(long width, int lanes, long groups, int kernel, int rows, int taps, bool intoSlices = true)
    {
        int tapRows = taps > 1 ? kernel : 1, tapColumns = taps == kernel * kernel ? kernel : 1;
        int rowBanks = taps > 1 ? rows : 1, columnBanks = tapColumns;
        long rowWords = (width + columnBanks - 1) / columnBanks * groups, depth = rowWords * (rows / rowBanks);
        int beat = 8 * lanes, address = Math.Max(1, Bits(depth - 1)), slot = Bits(rows), column = Math.Max(1, Bits(rowWords - 1));
        var banks = rowBanks * columnBanks * Buffer(beat, depth);
        var counters = Counting(slot) + Counting(width > 1 ? Bits(width - 1) : 1) + (groups > 1 ? Counting(Bits(groups - 1)) : Step(1)) + Counting(Bits(kernel))
            + Counting(Math.Max(1, address - BitOperations.TrailingZeroCount(groups))) + Counting(slot);
        double selects = (rowBanks > 1 ? slot : 0) + (columnBanks > 1 ? Bits(kernel) : 0) + tapRows + tapColumns;
        double tapBits = (double)beat * tapRows * tapColumns;
        double rotation = tapBits * _luts.Rotation(rowBanks, columnBanks);
        // A register behind the rotation takes the padding with its reset; one in a slice has none.
        bool inSlices = intoSlices && SlicesTakeRegisters;
        double padding = inSlices && (family == FabricFamily.Series7 ? taps == 1 : rowBanks == 1 || columnBanks > 1) ? tapBits : 0;
        // Which of the row memories is written and which comes first.
        double choices = rowBanks > 1 ? 2.5 * rowBanks : 0;
        double addresses = columnBanks * _luts.Adder(column) + (rowBanks == 1 ? 2 * _luts.Adder(address) + address : 0) + _luts.Adder(address);
        return banks + counters + Use(
            luts: rotation + padding + choices + addresses + rowBanks * columnBanks, registers: selects + (inSlices ? 0 : tapBits));
    }

    /// <summary>pixel_buffer.</summary>
    /// <param name="channels">Of a pixel.</param>
    /// <param name="pixels">Places.</param>
    /// <param name="writeLanes">Channels written at once.</param>
    /// <param name="readLanes">Channels read at once.</param>
    /// <param name="intoSlices">Whether it is read by multipliers alone.</param>
    /// <param name="apart">Whether a pixel's end is told apart from its reads, so that Yosys cannot merge the two.</param>
    public FabricResources PixelBuffer(long channels, int pixels, int writeLanes, int readLanes, bool intoSlices = true, bool apart = false)
    {
        int banks = Math.Max(1, readLanes / writeLanes), parts = Math.Max(1, writeLanes / readLanes);
        long words = channels / ((long)writeLanes * banks), depth = words * pixels;
        int address = Bits(depth - 1);
        return banks * Buffer(8 * writeLanes, depth) + Step(banks) + Step(words) + Step(words) + Counting(address) + Counting(address)
            // Where the pixel begins, and the words that are held.
            + Use(luts: _luts.Resets(address) + (HasLut6 ? address : 1) + (apart ? _luts.SeparateRelease * address : 0), registers: address) + Step(parts) + Crediting(Bits(pixels))
            + Use(luts: (parts > 1 ? 8.0 * readLanes * _luts.Multiplexer(parts) : 0) + _luts.PixelSchedule + banks,
                registers: (parts > 1 ? Bits(parts) : 0) + (SlicesTakeRegisters && intoSlices ? 0 : 8 * readLanes));
    }

    /// <summary>pointwise_unit without its weights and sums.</summary>
    public FabricResources PointwiseControl(long steps, long groups, int credits) =>
        Step(steps) + Step(groups) + Counting(steps * groups > 1 ? Bits(steps * groups - 1) : 0) + Crediting(Bits(credits)) + Flags();

    /// <summary>credit_counter.</summary>
    public FabricResources CreditCounter(int credits) => Crediting(Bits(credits));

    /// <summary>The valid, first and last bits that accompany a read through a unit's memories; first bits become a shift register further on.</summary>
    public FabricResources Flags() => Use(luts: 1 + _luts.Resets(2), registers: HasShiftRegisters ? 4 : 6);

    /// <summary>dot_product.</summary>
    /// <param name="outputs">Sums.</param>
    /// <param name="terms">Products of one.</param>
    /// <param name="weightBits">Bits of a weight.</param>
    /// <param name="sumBits">Bits of a sum.</param>
    /// <param name="packed">Two products a multiplier.</param>
    /// <param name="accumulates">Whether a sum takes several cycles; where it is known to take one, Xilinx's flow drops the running sum.</param>
    public FabricResources DotProduct(int outputs, int terms, int weightBits, int sumBits, bool packed, bool accumulates = true)
    {
        int levels = Bits(terms - 1), product = 8 + weightBits;
        bool adderInSlice = SlicesTakeAdders && !packed;
        double registers = SlicesTakeRegisters ? 0 : (double)terms * product, luts = 0, shiftRegisters = 0;
        // The last element of a level, and the registers in a row without logic that end in it.
        int waiting = SlicesTakeRegisters ? 0 : 1, waitingBits = product;
        for (int level = 1, below = terms; level <= levels; level++)
        {
            int pairs = below / 2;
            bool inSlices = adderInSlice && level == 1;
            registers += inSlices ? 0 : (double)pairs * sumBits;
            // Sums of two products have a carry chain as long as they are; what is above copies its last bit.
            luts += inSlices ? 0 : pairs * _luts.Adder(HasLut6 && level == 1 ? product + (packed ? 1 : 0) : sumBits);
            // The odd product's register is kept out of its slice where the second level takes it (dot_product).
            bool kept = level == 1 && terms % 4 == 3 && !packed;
            if (below % 2 == 1 && (!inSlices || kept))
            {
                // An SB_MAC16 takes two registers behind its multiplier besides the product's own.
                registers += family == FabricFamily.Ice40 && waitingBits == product && level <= 2 && !kept ? 0 : waitingBits;
                waiting++;
            }
            else if (below % 2 == 0)
            {
                if (waiting >= ShortestShiftRegister && HasShiftRegisters)
                {
                    registers -= waiting * waitingBits;
                    shiftRegisters += waitingBits;
                }
                waiting = inSlices ? 0 : 1;
                waitingBits = sumBits;
            }
            below = (below + 1) / 2;
        }
        if (!(adderInSlice && levels == 0))
        {
            registers += sumBits;
            // The mask of the running sum and the adder.
            luts += accumulates || !HasLut6 ? _luts.RunningSum(sumBits, terms) : 0;
        }
        return outputs * Use(luts: luts + shiftRegisters, registers: registers)
            + Use(dsps: (packed ? outputs / 2.0 * Pieces(2 * weightBits + 9) : outputs) * terms, luts: (HasShiftRegisters ? 3 : 2) + _luts.Resets(2 * levels + 3),
                registers: 2 * levels + 3 + (packed ? outputs / 2.0 * (terms - 1) : 0) + (HasShiftRegisters ? 0 : levels + 1));
    }

    /// <summary>serializer.</summary>
    public FabricResources Serializer(int width, int ratio) =>
        // The uppermost word is set back when no new one comes.
        Use(luts: (double)width * (ratio - 1) + _luts.Resets(width), registers: (double)width * ratio)
        + (ratio == 1 ? Use(luts: _luts.Resets(1), registers: 1) : Counting(Bits(ratio)));

    /// <summary>requantizer, with round_clamp.</summary>
    public FabricResources Requantizer(int lanes, long channels, int sumBits, int multiplierBits, bool serialized, RequantColumns columns)
    {
        long words = channels / lanes;
        int whole = 32 + multiplierBits, product = whole - columns.DroppedBits;
        bool logic = MemoryMapping.Of(family, (long)lanes * (38 + multiplierBits), words, MemoryUse.Rom).Kind == MemoryKind.Logic;
        // The memory's registers are counted here, since most of them go into shift registers or slices.
        var rom = Rom((long)lanes * (38 + multiplierBits), words, lanes * columns.Columns.Sum(), false) with { Registers = 0 };
        double registers = 43 + product, memory = 0;
        if (words > 1)
        {
            if (logic)
            {
                for (int use = 1; use < columns.Columns.Count; use++)
                    Delay(1, use, columns.Columns[use]);
            }
            else
            {
                // A block RAM's read register is its own.
                Delay(2, 1, 32);
                Delay(2, 2, multiplierBits);
                Delay(2, 4, 6);
            }
        }
        bool pieces = RequantizerSlices(multiplierBits) > 2;
        registers += SlicesTakeRegisters ? 0 : 32;
        // Of a product in two slices, the lower one's bits are registers; of one in four, all.
        registers += family switch
        {
            FabricFamily.Series7 => pieces ? product : Math.Max(0, 17 - columns.DroppedBits),
            // The multiplier's upper piece keeps its register.
            FabricFamily.Ice40 => multiplierBits < 16 ? 0 : Math.Min(product, whole - 16) + multiplierBits - 16,
            _ => product,
        };
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
        // Constants that are the same in every channel are no memory, and need no address.
        bool constant = columns.Columns.Sum() == 0;
        double luts = (HasLut6 ? (constant ? 0 : sumBits) : 32) + _luts.Shifter(product, columns.Selects, columns.FarSelects) + _luts.Limiter(product) + _luts.RoundPlaceClamp + ProductLuts(multiplierBits);
        return rom + lanes * Use(luts: luts + memory, registers: registers, dsps: RequantizerSlices(multiplierBits))
            + Use(luts: _luts.Resets(9), registers: 9) + (words > 1 && !constant ? Counting(Bits(words - 1)) : Step(1));

        // Taps behind two, three and four registers; of the multiplier's, one or two are the slice's.
        void Delay(int from, int use, double bits)
        {
            int at = from - 1;
            for (int constant = 0; constant < 3; constant++)
            {
                if ((use >> constant & 1) == 0)
                    continue;
                int tap = constant + 2 - (constant == 1 ? (SlicesTakeAdders ? 2 : SlicesTakeRegisters ? 1 : 0) : 0);
                int length = Math.Max(0, tap - at);
                if (length >= ShortestShiftRegister && HasShiftRegisters)
                    memory += bits;
                else
                    registers += length * bits;
                at = Math.Max(at, tap);
            }
        }
    }

    /// <summary>What adds the pieces of a 32 × m product, as mul2dsp cuts it.</summary>
    private double ProductLuts(int multiplierBits)
    {
        int whole = 32 + multiplierBits;
        bool pieces = RequantizerSlices(multiplierBits) > 2;
        return family switch
        {
            FabricFamily.Series7 => pieces ? whole - 17 : 0,
            FabricFamily.UltraScalePlus => pieces ? 3 * multiplierBits + 15 : whole - 17,
            FabricFamily.Ecp5 => pieces ? 3 * multiplierBits + 12 : _luts.Adder(whole - 18),
            _ => multiplierBits < 16 ? 0 : whole - 16,
        };
    }

    /// <summary>activation_table.</summary>
    public FabricResources ActivationTable(int lanes) => lanes * Rom(8, 256, 8, false) + Use(luts: _luts.Resets(2), registers: 2);

    /// <summary>fifo.</summary>
    public FabricResources Fifo(int width, int depth)
    {
        int address = Math.Max(1, Bits(depth - 1));
        var mapping = MemoryMapping.Of(family, width, depth, MemoryUse.Queue);
        var storage = mapping.Kind switch
        {
            MemoryKind.Logic => Use(luts: width * _luts.Multiplexer(depth) + (depth > 1 ? depth : 0), registers: (double)width * depth),
            // The address register in front of a LUT RAM, which Xilinx's flow leaves where it was.
            MemoryKind.LutRam => Storage(mapping, width) + (HasLut6 ? FabricResources.None : Use(registers: address)),
            // In a block RAM the copy of a word that is written while it is read.
            _ => Storage(mapping, width) + Use(luts: width + address, registers: width + 1),
        };
        return storage + Counting(depth > 1 ? address : 0) + (HasLut6 ? Use(registers: depth > 1 ? address : 0) : Counting(depth > 1 ? address : 0)) + Crediting(Bits(depth))
            + Use(luts: HasLut6 ? 1 : 3);
    }

    /// <summary>block_fifo.</summary>
    public FabricResources BlockFifo(int width, int depth) =>
        Buffer(width, depth) + Fifo(width, 3) + CreditCounter(3) + 2 * Counting(Bits(depth - 1)) + 2 * Crediting(Bits(depth))
        + Use(luts: 2 + Bits(depth) + _luts.Resets(1), registers: 1);

    /// <summary>pixel_order.</summary>
    public FabricResources PixelOrder(int width, int pixels, int groups, int groupBeats)
    {
        int depth = PipelineNetlist.PixelOrderBlocks * pixels * groups * groupBeats, address = Bits(depth - 1);
        return Buffer(width, depth) + Step(groupBeats) + Step(pixels) + Step(groups) + 2 * Counting(address) + Counting(address) + 2 * CreditCounter(2)
            + CreditCounter(PixelOrderSchedule.QueueDepth) + Fifo(width, PixelOrderSchedule.QueueDepth) + Use(luts: (HasLut6 ? 1 : 3) * address + 20 + _luts.Resets(3), registers: width + 3);
    }

    /// <summary>control_port.</summary>
    /// <param name="memories">Stages with memories to load; 0 for none.</param>
    public FabricResources ControlPort(int memories)
    {
        // Six counters of 32 bits and one of 64; address, data and answer of a write, what is loaded, and what is read.
        int load = memories > 0 ? 34 + 10 : 0;
        return 5 * Accumulating(32) + Accumulating(64) + Counting(32) + Use(luts: 32 * (HasLut6 ? 4 : 7.5) + 54, registers: 32 + 32 + 32 + 5 + 1 + 1 + 1 + 7 + load);
    }

    /// <summary>scale_stage without its queue.</summary>
    public FabricResources Scale(long pixels, long channels, int lanes, int gateLanes, int multiplierBits, int credits)
    {
        // What the constant shift leaves of the product.
        const int kept = 13;
        return PixelBuffer(channels, 2, gateLanes, lanes, intoSlices: false, apart: true) + CreditCounter(credits) + CreditCounter(2)
            + lanes * Use(
                // A pair of 18 bits is two pieces of an SB_MAC16.
                dsps: 1 + Pieces(multiplierBits + 1) * (family == FabricFamily.Ice40 ? 2 : 1),
                registers: 16 + (SlicesTakeRegisters ? 0 : 18 + 18 + kept) + kept + 43,
                luts: ConstantAdder(18) + 11 + _luts.RoundPlaceClamp)
            + Counting(Bits(channels / lanes - 1)) + Counting(Bits(pixels - 1)) + Counting(Bits(channels / gateLanes - 1)) + Use(luts: 12 + _luts.Resets(10), registers: 10);
    }

    /// <summary>slice_stage: where the frame is, the next row and column that are kept, and a register slice.</summary>
    public FabricResources Slice(StageShape shape, long groups, int lanes)
    {
        int x = Bits(shape.Width + shape.Columns.Step), y = Bits(shape.Height + shape.Rows.Step);
        return SkidBuffer(8 * lanes) + Step(groups) + 2 * Counting(x) + 2 * Counting(y) + Use(luts: family == FabricFamily.Ecp5 ? 2 * (x + y) + 14 : x + y + 8);
    }

    /// <summary>pad_stage: where the padded frame is, and a register slice.</summary>
    public FabricResources Pad(StageShape shape, long groups, int lanes)
    {
        int x = Bits(shape.OutWidth), y = Bits(shape.OutHeight);
        return SkidBuffer(8 * lanes) + Step(groups) + Counting(x) + Counting(y) + Use(luts: (HasLut6 ? 1.6 : 4) * (x + y));
    }

    /// <summary>skid_buffer.</summary>
    public FabricResources SkidBuffer(int width) => Use(luts: width + (HasLut6 ? 3 : 4), registers: 2 * width + 2);

    /// <summary>width_converter.</summary>
    public FabricResources WidthConverter(int inLanes, int outLanes)
    {
        int ratio = Math.Max(inLanes, outLanes) / Math.Min(inLanes, outLanes), wide = 8 * Math.Max(inLanes, outLanes);
        return Use(luts: (inLanes > outLanes ? wide : 0) + (HasLut6 ? 3 : 5), registers: wide) + Counting(Bits(ratio));
    }

    /// <summary>pool_unit behind its window_reader.</summary>
    public FabricResources Pool(int lanes, int resultBits, bool max) =>
        lanes * Use(luts: max ? (HasLut6 ? 7 : 16) : _luts.RunningSum(resultBits, 1), registers: resultBits) + Use(luts: 2 + _luts.Resets(3), registers: 7);

    /// <summary>global_pool_unit.</summary>
    public FabricResources GlobalPool(long pixels, long groups, int lanes, int sumBits, int credits)
    {
        var mapping = MemoryMapping.Of(family, sumBits, groups, MemoryUse.Queue);
        var sums = mapping.Kind == MemoryKind.Logic
            ? Use(luts: sumBits * _luts.Multiplexer(groups) + groups, registers: (double)sumBits * groups)
            : Storage(mapping, sumBits);
        return lanes * (sums + Use(luts: _luts.RunningSum(sumBits, 1), registers: sumBits)) + CreditCounter(credits) + Counting(groups > 1 ? Bits(groups - 1) : 0)
            + Counting(pixels > 1 ? Bits(pixels - 1) : 0) + Use(registers: 1);
    }

    /// <summary>residual_add. The multipliers and the shift are the stage's, constants: of the total, what the shift leaves is kept, ten bits.</summary>
    public FabricResources ResidualAdd(int lanes, int multiplierBits, int credits)
    {
        int product = 10 + multiplierBits, total = product + 1, kept = 10;
        return lanes * (Use(
            dsps: 2 * Pieces(multiplierBits + 1),
            registers: (SlicesTakeAdders ? 0 : 18) + (SlicesTakeRegisters ? 0 : 2 * product) + 31,
            luts: ConstantAdder(18) + (SlicesTakeAdders ? 0 : _luts.Adder(total)) + _luts.RoundPlaceClamp) + Waiting(kept, SlicesTakeAdders ? 2 : 3)) + CreditCounter(credits) + Use(luts: 2 + _luts.Resets(8), registers: 8);
    }

    /// <summary>concat_stage without its queue: a product a lane; multiplier and shift are the operand's, two constants to choose from.</summary>
    public FabricResources Concat(long groups, int lanes, int multiplierBits, int credits)
    {
        int product = 10 + multiplierBits;
        return lanes * Use(
            dsps: Pieces(multiplierBits + 1),
            registers: (SlicesTakeRegisters ? 0 : 9 + product) + product + 43,
            luts: 8 + _luts.Adder(9) + product + _luts.Limiter(product) + _luts.RoundPlaceClamp) + CreditCounter(credits) + Step(groups)
            + Use(luts: 4 + _luts.Resets(7), registers: 7 + 4);
    }

    /// <summary>stream_fork.</summary>
    public FabricResources Fork => Use(luts: HasLut6 ? 5 : 9, registers: 2);

    /// <summary>frame_marker.</summary>
    public FabricResources FrameMarker(long beats) => Counting(beats > 1 ? Bits(beats - 1) : 0) + Use(luts: _luts.Resets(1) + (HasLut6 ? 4 : 6), registers: 1);

    /// <summary>Multipliers of a 32 × (m + 1) bit product, as mul2dsp splits it.</summary>
    public int RequantizerSlices(int multiplierBits) => family switch
    {
        // A last piece of one bit is too narrow for a slice and becomes logic.
        FabricFamily.Ice40 => multiplierBits <= 16 ? 2 : 4,
        FabricFamily.Ecp5 => multiplierBits <= 18 ? 2 : 4,
        _ => multiplierBits <= 17 ? 2 : 4,
    };

    /// <summary>Multipliers side by side for an operand of so many bits and one of at most 18 (iCE40: 16): mul2dsp's DSP_A_MAXWIDTH. A last bit alone becomes logic.</summary>
    private int Pieces(int bits) => bits <= family switch { FabricFamily.Ice40 => 17, FabricFamily.Ecp5 => 18, FabricFamily.Series7 => 25, _ => 27 } ? 1 : 2;

    private const int ShortestShiftRegister = 3;

    /// <summary>A memory of line_buffer and pixel_buffer: whole words in, whole words out with a clock.</summary>
    private FabricResources Buffer(long width, long depth)
    {
        if (depth == 1)
            return Use(registers: 2 * width);
        var mapping = MemoryMapping.Of(family, width, depth, MemoryUse.Buffer, ultraRam);
        return mapping.Kind switch
        {
            MemoryKind.Logic => Use(luts: width * _luts.Multiplexer(depth) + depth, registers: (double)width * depth + width),
            // Each bank has its write enable.
            MemoryKind.LutRam => Storage(mapping, width) + Use(luts: mapping.Banks > 1 ? 1.5 * mapping.Banks : 0, registers: width),
            _ => Storage(mapping, width),
        };
    }

    private FabricResources Storage(MemoryMapping mapping, long width)
    {
        var primitive = mapping.Primitive!;
        return new FabricResources(
            Dsps: 0,
            BlockRams: mapping.Blocks * primitive.BlockRams,
            UltraRams: mapping.Kind == MemoryKind.UltraRam ? mapping.Blocks : 0,
            Luts: mapping.Blocks * primitive.Luts + (mapping.Banks > 1 ? width * _luts.Multiplexer(mapping.Banks) : 0),
            Registers: 0);
    }

    /// <summary>A sum with a constant: on Xilinx a carry chain alone.</summary>
    private double ConstantAdder(int bits) => HasLut6 ? 0 : _luts.Adder(bits);

    /// <summary>Registers in a row without logic between them.</summary>
    private FabricResources Waiting(int bits, int registers) =>
        HasShiftRegisters && registers >= ShortestShiftRegister ? Use(luts: bits) : Use(registers: (double)bits * registers);

    /// <summary>A counter that a cell declares with $clog2(count + 1) bits. One that never moves is dropped by Xilinx's flow alone.</summary>
    private FabricResources Step(long count) => count > 1 ? Counting(Bits(count)) : HasLut6 ? FabricResources.None : Use(luts: 1 + _luts.Resets(1), registers: 1);

    private FabricResources Counting(int bits) => Use(luts: _luts.Counter(bits), registers: bits);

    private FabricResources Accumulating(int bits) => Use(luts: _luts.Accumulator(bits), registers: bits);

    private FabricResources Crediting(int bits) => Use(luts: _luts.Credits(bits), registers: bits);

    private static FabricResources Use(double luts = 0, double registers = 0, double dsps = 0) => new(dsps, 0, 0, luts, registers);

    /// <summary>Bits of the numbers from 0 to <paramref name="largest"/>.</summary>
    private static int Bits(long largest) => largest <= 0 ? 0 : BitOperations.Log2((ulong)largest) + 1;
}
