using AccelSim.Studies.Validate;

namespace AccelSim.Tests.Studies.Validate;

public sealed class PublishedFileTests
{
    private const string Header = "platform,network,variant,batch,precision,metric,value,unit,source,confidence\n";

    [Fact]
    public void QuotedFieldsKeepCommasQuotesAndLineBreaks()
    {
        var row = Assert.Single(Read(Header + "zcu102,resnet50,\"img=224x224;2 cores, both;note=a \"\"b\"\"\nc\",3,int8,latency,1.5e1,ms,\"A, B\",verified\n"));
        Assert.Equal("img=224x224;2 cores, both;note=a \"b\"\nc", row.Variant.Text);
        Assert.Equal((224, 224), row.Variant.Image);
        Assert.Equal(["2 cores, both"], row.Variant.Remarks);
        Assert.Equal("a \"b\"\nc", row.Variant["NOTE"]);
        Assert.Equal((3, 15, "ms", Basis.Measured), (row.Batch, row.Value, row.Unit, row.Basis));
    }

    [Fact]
    public void ColumnsMayStandInAnyOrderBesideOthers()
    {
        var row = Assert.Single(Read("confidence,mine,value,unit,metric,platform,network,variant,batch,precision,source\nmemory,x,2,img/s,est_throughput,p,,,,,\n"));
        Assert.Equal(("p", "", null, Basis.Estimate, "throughput"), (row.Platform, row.Network, row.Batch, row.Basis, row.Quantity));
    }

    [Theory]
    [InlineData("", "t.csv, line 1: the row is empty (a line of column names: platform,network,variant,batch,precision,metric,value,unit,source,confidence).")]
    [InlineData("platform,network\n", "t.csv, line 1: 'platform,network' lacks the column 'variant' (the columns are platform,network,variant,batch,precision,metric,value,unit,source,confidence).")]
    [InlineData(Header + "a,b,c,1,int8,latency,fast,ms,s,verified\n", "t.csv, line 2: 'fast' is no value (a number of 0 or more, with a decimal point).")]
    [InlineData(Header + "a,b,c,1,int8,latency,\"1,5\",ms,s,verified\n", "t.csv, line 2: '1,5' is no value (a number of 0 or more, with a decimal point).")]
    [InlineData(Header + "a,b,c,1,int8,latency,NaN,ms,s,verified\n", "t.csv, line 2: 'NaN' is no value (a number of 0 or more, with a decimal point).")]
    [InlineData(Header + "a,b,c,1,int8,latency,-1,ms,s,verified\n", "t.csv, line 2: '-1' is no value (a number of 0 or more, with a decimal point).")]
    [InlineData(Header + "a,b,c,0,int8,latency,1,ms,s,verified\n", "t.csv, line 2: '0' is no batch (a whole number of 1 to 1048576, or nothing where it is unknown).")]
    [InlineData(Header + "\na,b,c,1,int8,latency,1,ms,s,surely\n", "t.csv, line 3: 'surely' is no confidence (verified or memory).")]
    [InlineData(Header + ",b,c,1,int8,latency,1,ms,s,verified\n", "t.csv, line 2: the row has no platform (fill in the column platform).")]
    [InlineData(Header + "a,b,c,1,int8,latency,1,,s,verified\n", "t.csv, line 2: the row has no unit (fill in the column unit).")]
    [InlineData(Header + "a,b,c\n", "t.csv, line 2: 'a,b,c' has 3 fields where the header has 10 (quote a field that contains a comma).")]
    [InlineData(Header + "a,b,c,1,int8,latency,1,ms,s,verified,x\n", "t.csv, line 2: 'a,b,c,1,int8,latency,1,ms,s,verified,x' has 11 fields where the header has 10 (quote a field that contains a comma).")]
    public void HostileTablesNameFileLineValueAndRemedy(string text, string message) =>
        Assert.Equal(message, Assert.Throws<PublishedDataException>(() => Read(text)).Message);

    [Theory]
    [InlineData(Header + "a,b\"c,d,1,int8,latency,1,ms,s,verified\n")]
    [InlineData(Header + "a,\"b\"c,d,1,int8,latency,1,ms,s,verified\n")]
    [InlineData(Header + "a,\"b,d,1,int8,latency,1,ms,s,verified\n")]
    public void AQuoteOutOfPlaceIsAnErrorOfItsLine(string text) =>
        Assert.StartsWith("t.csv, line 2: ", Assert.Throws<PublishedDataException>(() => Read(text)).Message);

    [Fact]
    public void BinaryFilesAreNoTables()
    {
        string path = Path.Combine(Path.GetTempPath(), $"accelsim-{Guid.NewGuid():N}.csv");
        File.WriteAllBytes(path, [0x61, 0xc3, 0x28]);
        try
        {
            Assert.Contains("is not UTF-8 text", Assert.Throws<PublishedDataException>(() => PublishedFile.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void TheSharedTablesAreLegal()
    {
        string folder = SharedData.Require("published");
        foreach (string kind in Validation.Kinds)
            Assert.NotEmpty(Validation.Read(folder, [kind]));
    }

    private static IReadOnlyList<PublishedRow> Read(string text) => PublishedFile.Read(new StringReader(text), "t.csv");
}
