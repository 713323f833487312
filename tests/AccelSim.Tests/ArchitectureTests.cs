using System.Reflection;
using NetArchTest.Rules;

namespace AccelSim.Tests;

/// <summary>The table of who may use whom (architecture.md, "Folders").</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Graph"] = [],
        ["Platforms"] = [],
        ["Models"] = ["Graph"],
        ["Reference"] = ["Graph"],
        ["Gpu"] = ["Graph"],
        ["Systolic"] = ["Graph"],
        ["Rtl"] = ["Graph"],
        ["Studies"] = ["Graph", "Models", "Reference", "Gpu", "Systolic", "Rtl", "Platforms"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_what_the_architecture_allows(string project)
    {
        string[] forbidden = [.. Allowed.Keys.Append("Cli").Except(Allowed[project]).Where(other => other != project).Select(other => $"AccelSim.{other}")];
        var result = Types.InAssembly(Assembly.Load($"AccelSim.{project}")).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, $"AccelSim.{project} uses what it may not: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    /// <summary>No public name says nothing: the words that architecture and style forbid.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void No_type_is_called_by_an_empty_word(string project)
    {
        string[] empty = ["Helper", "Manager", "Util", "Data2"];
        Assert.DoesNotContain(Assembly.Load($"AccelSim.{project}").GetTypes(), type => type.Namespace?.StartsWith("AccelSim", StringComparison.Ordinal) == true && empty.Any(type.Name.Contains));
    }
}
