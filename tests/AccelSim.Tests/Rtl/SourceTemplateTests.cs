using AccelSim.Rtl;
using AccelSim.Rtl.Rendering;

namespace AccelSim.Tests.Rtl;

public sealed class SourceTemplateTests
{
    [Fact]
    public void Two_megabytes_are_rendered_whole()
    {
        string text = SourceTemplate.Render("big", "{{ for i in 1..20000 }}{{ line }}\n{{ end }}", new Dictionary<string, object?> { ["line"] = new string('x', 99) });
        Assert.Equal(2_000_000, text.Length);
        Assert.DoesNotContain("...", text);
    }

    [Theory]
    [InlineData("a {{ widht }}")]
    [InlineData("a {{ shape.widht }}")]
    [InlineData("a {{ shape.width.more }}")]
    [InlineData("a {{ bitz 3 }}")]
    public void A_misspelt_name_is_an_error_that_names_the_template(string text)
    {
        var error = Assert.Throws<RtlException>(() => SourceTemplate.Render("top.sv", text, new Dictionary<string, object?> { ["shape"] = new { Width = 3 } }));
        Assert.Contains("top.sv", error.Message);
    }

    [Fact]
    public void A_syntax_error_names_the_template_and_the_line()
    {
        var error = Assert.Throws<RtlException>(() => SourceTemplate.Render("top.sv", "a\n{{ if }}", new Dictionary<string, object?>()));
        Assert.Contains("top.sv(2,", error.Message);
    }
}
