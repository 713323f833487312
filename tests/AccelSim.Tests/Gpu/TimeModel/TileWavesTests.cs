using AccelSim.Gpu;

namespace AccelSim.Tests.Gpu.TimeModel;

public sealed class TileWavesTests
{
    private static readonly (int Rows, int Columns)[] Tiles =
        [(256, 128), (128, 256), (128, 128), (128, 64), (64, 128), (64, 64), (128, 32), (32, 128), (64, 32), (32, 64), (128, 8), (8, 128)];

    /// <summary>Tiles are given to multiprocessors one by one, as a scheduler would; the device is held until the last is done.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Waves_are_what_a_scheduler_that_hands_out_tiles_comes_to(int seed, bool splits)
    {
        var random = new Random(seed);
        for (int trial = 0; trial < 50; trial++)
        {
            int batches = random.Next(1, 4), rows = random.Next(1, 700), columns = random.Next(1, 3000), terms = random.Next(1, 3000), multiprocessors = random.Next(1, 150);
            double naive = Tiles.Min(tile => Scheduled(tile, batches, rows, columns, terms, multiprocessors, splits));
            double slots = TileWaves.Slots(batches, rows, columns, terms, multiprocessors, cpu: false, splits);
            Assert.True(Math.Abs(slots - naive) <= 1e-9 * naive, $"seed {seed}, trial {trial}: {batches}x{rows}x{columns}x{terms} on {multiprocessors}: {slots} against {naive}");
            Assert.True(slots >= (double)batches * rows * columns * terms);
        }
    }

    [Fact]
    public void One_tile_more_than_a_wave_takes_two_waves() =>
        Assert.Equal(2 * TileWaves.Slots(1, 256, 128 * 10, 100, 10, cpu: false), TileWaves.Slots(1, 256, 128 * 20, 100, 10, cpu: false));

    [Fact]
    public void More_of_anything_is_never_faster()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 200; trial++)
        {
            int rows = random.Next(1, 500), columns = random.Next(1, 2000), terms = random.Next(1, 2000), multiprocessors = random.Next(1, 100);
            double basis = TileWaves.Slots(2, rows, columns, terms, multiprocessors, false, false);
            Assert.True(TileWaves.Slots(3, rows, columns, terms, multiprocessors, false, false) >= basis);
            Assert.True(TileWaves.Slots(2, rows + 1, columns, terms, multiprocessors, false, false) >= basis);
            Assert.True(TileWaves.Slots(2, rows, columns + 1, terms, multiprocessors, false, false) >= basis);
            Assert.True(TileWaves.Slots(2, rows, columns, terms + 1, multiprocessors, false, false) >= basis);
        }
    }

    private static double Scheduled((int Rows, int Columns) tile, int batches, int rows, int columns, int terms, int multiprocessors, bool splits)
    {
        int tiles = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            for (int row = 0; row < rows; row += tile.Rows)
            {
                for (int column = 0; column < columns; column += tile.Columns)
                    tiles++;
            }
        }
        int parts = 1;
        while (splits && (parts + 1) * tiles <= multiprocessors && parts < (terms + 255) / 256)
            parts++;
        double work = Math.Ceiling((double)terms / parts) * tile.Rows * tile.Columns * (1 + 24.0 / tile.Rows + 24.0 / tile.Columns) / (1 + 24.0 / 256 + 24.0 / 128);
        double[] busyUntil = new double[multiprocessors];
        for (int item = 0; item < tiles * parts; item++)
            busyUntil[Array.IndexOf(busyUntil, busyUntil.Min())] += work;
        return busyUntil.Max() * multiprocessors;
    }
}
