using System.Globalization;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace AccelSim.Rtl.Rendering;

/// <summary>
/// Renders a Scriban template as program text. Scriban's defaults are made for web pages: it would cut the output at 1 MiB,
/// stop loops at 1,000 turns and render a misspelt name as nothing. Here there are no limits and a misspelt name is an error.
/// </summary>
public static class SourceTemplate
{
    /// <param name="name">The template's name, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="variables">What it may use; a record's properties are named in snake_case, <c>OutHeight</c> being <c>out_height</c>.</param>
    /// <exception cref="RtlException">The template has an error or uses a name that does not exist.</exception>
    public static string Render(string name, string text, IReadOnlyDictionary<string, object?> variables)
    {
        var template = Template.Parse(text, name);
        if (template.HasErrors)
            throw new RtlException($"The template '{name}' has errors: {string.Join("; ", template.Messages)}");
        var script = new ScriptObject();
        foreach (var (key, value) in variables)
            script.SetValue(key, value, readOnly: true);
        // The highest bit of so many bytes, for [..:0].
        script.Import("bits", (int bytes) => 8 * bytes - 1);
        // A name from a user's file: in a comment to the end of the line, which it must neither end nor continue; in a cell of a Markdown table.
        script.Import("comment", (string text) => text.ReplaceLineEndings(" ").TrimEnd('\\'));
        script.Import("cell", (string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal));
        var context = new TemplateContext
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedTargetAccess = false,
            EnableRelaxedFunctionAccess = false,
            EnableRelaxedIndexerAccess = false,
            LoopLimit = 0,
            LoopLimitQueryable = 0,
            LimitToString = 0,
            ObjectRecursionLimit = 0,
            MemberRenamer = member => StandardMemberRenamer.Rename(member.Name),
        };
        context.PushCulture(CultureInfo.InvariantCulture);
        context.PushGlobal(script);
        try
        {
            return template.Render(context);
        }
        catch (ScriptRuntimeException error)
        {
            throw new RtlException($"The template '{name}' cannot be rendered: {error.Message}", error);
        }
    }
}
