using AccelSim.Studies.Literature;

namespace AccelSim.Tests.Studies;

/// <summary>The studies give the literature's integers, and say of each claim whether it holds.</summary>
public sealed class LiteratureTests
{
    /// <summary>Topic, row of its first table that has the figure, and the figure: by hand from the layers' formulas, or published.</summary>
    [Theory]
    [InlineData("separable", "standard 3×3", "2,700")]
    [InlineData("separable", "depthwise 3×3, pointwise", "975")]
    [InlineData("separable", "pointwise, depthwise 3×3", "1,200")]
    [InlineData("scaling", "1.00", "568,740,352")]
    [InlineData("compute", "densenet121-224", "2,834,161,664")]
    [InlineData("compute", "vgg16-224", "15,470,264,320")]
    [InlineData("memory", "vgg16-224", "553.4")]
    [InlineData("squeeze-excite", "with SE, h-swish as kernels of their own", "5,483,032")]
    [InlineData("vgg16-512mb", "float32", "553.4")]
    public void A_figure_is_the_literatures(string topic, string row, string figure) =>
        Assert.Contains(figure, LiteratureStudy.Find(topic).Run().Tables[0].Rows.First(cells => cells[0] == row));

    [Fact]
    public void The_second_separable_case_is_MobileNets_first_block()
    {
        var rows = new SeparableCost().Run().Tables[1].Rows;
        Assert.Equal(["231,211,008", "29,302,784", "32,915,456"], rows.Select(cells => cells[1]));
    }

    [Fact]
    public void The_memory_order_holds_for_some_measures_and_batches_only()
    {
        var findings = new MemoryOrder().Run().Findings.Where(finding => finding.Claim.StartsWith("framework", StringComparison.Ordinal)).ToList();
        // 102 + 150·b < 32 + 195·b < 553 + 115·b, in MB, for b from 2 to 6.
        Assert.StartsWith("for batch 2 to 6;", findings.Single(finding => finding.Claim.Contains("outputs × batch", StringComparison.Ordinal)).Evidence, StringComparison.Ordinal);
        Assert.Equal([false, false, false, true, true], findings.Select(finding => finding.Holds));
    }

    [Fact]
    public void Every_study_names_its_measure_and_source_and_its_rows_fill_its_columns()
    {
        Assert.All(LiteratureStudy.All.Select(study => study.Run()), result =>
        {
            Assert.NotEmpty(result.Measure);
            Assert.NotEmpty(result.Source);
            Assert.NotEmpty(result.Findings);
            Assert.All(result.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count)));
        });
    }
}
