using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AccelSim.Graph.Serialization;

/// <summary>
/// Records to YAML and back, by their primary constructor: a parameter is a key in camel case, a parameter that has its
/// default value is left out. Numbers round-trip. An operator needs no serialization code of its own.
/// </summary>
internal static class RecordYaml
{
    public static YamlMappingNode Write(object record, bool flow = false)
    {
        var mapping = new YamlMappingNode { Style = flow ? MappingStyle.Flow : MappingStyle.Block };
        foreach (var parameter in Parameters(record.GetType()))
        {
            object? value = record.GetType().GetProperty(parameter.Name!)!.GetValue(record);
            if (!IsDefault(parameter, value))
                mapping.Add(Key(parameter), WriteValue(value!));
        }
        return mapping;
    }

    /// <exception cref="GraphException">A key is unknown, missing or has a value of another type; the message has the line.</exception>
    public static object Read(Type type, YamlNode node, string file)
    {
        var mapping = node as YamlMappingNode ?? throw Error(file, node, $"a {type.Name} is a mapping of keys to values");
        var parameters = Parameters(type);
        var unknown = mapping.Children.Keys.FirstOrDefault(key => !parameters.Any(parameter => Key(parameter) == Text(key)));
        if (unknown is not null)
            throw Error(file, unknown, $"'{Text(unknown)}' is not a key of {type.Name} (allowed: {string.Join(", ", parameters.Select(Key))})");
        object?[] arguments = [.. parameters.Select(parameter =>
            mapping.Children.TryGetValue(new YamlScalarNode(Key(parameter)), out var child) ? ReadValue(parameter.ParameterType, child, file)
            : parameter.HasDefaultValue ? Default(parameter)
            : throw Error(file, node, $"{type.Name} needs the key '{Key(parameter)}'"))];
        try
        {
            return Constructor(type).Invoke(arguments);
        }
        catch (TargetInvocationException error) when (error.InnerException is GraphException inner)
        {
            throw Error(file, node, inner.Message);
        }
    }

    public static GraphException Error(string file, YamlNode node, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}, line {node.Start.Line}: {what}."));

    /// <summary>The same with an error of the graph as the reason.</summary>
    public static GraphException Error(string file, YamlNode node, GraphException reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}, line {node.Start.Line}: {reason.Message}"), reason);

    /// <summary>One value of a type that records have.</summary>
    /// <exception cref="GraphException">The node is not one; the message has the line.</exception>
    public static object Value(Type type, YamlNode node, string file) => ReadValue(type, node, file)!;

    public static YamlNode WriteValue(object value) => GeometryYaml.Write(value) ?? value switch
    {
        double number => new YamlScalarNode(number.ToString("R", CultureInfo.InvariantCulture)),
        bool flag => new YamlScalarNode(flag ? "true" : "false"),
        string or Enum or IFormattable and (int or long or sbyte) => new YamlScalarNode(Convert.ToString(value, CultureInfo.InvariantCulture)),
        Shape shape => new YamlSequenceNode(shape.Select(extent => WriteValue(extent))) { Style = SequenceStyle.Flow },
        IEnumerable list => new YamlSequenceNode(list.Cast<object>().Select(WriteValue)) { Style = SequenceStyle.Flow },
        _ => Write(value, flow: true),
    };

    private static object? ReadValue(Type type, YamlNode node, string file)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Shape))
            return ReadShape(node, file);
        if (GeometryYaml.Read(type, node, file) is { } geometry)
            return geometry;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return ReadArray(type.GetGenericArguments()[0], node, file);
        if (type != typeof(string) && !type.IsPrimitive && !type.IsEnum)
            return Read(type, node, file);
        string text = (node as YamlScalarNode)?.Value ?? throw Error(file, node, $"a single {type.Name} is expected");
        try
        {
            return type.IsEnum ? Named(type, text) : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            string allowed = type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}" : $"a {type.Name}";
            throw Error(file, node, $"'{text}' is not {allowed}");
        }
    }

    /// <summary>By name alone: <see cref="Enum.Parse(Type, string)"/> takes any number for a value.</summary>
    private static object Named(Type type, string text) => Enum.GetNames(type).Contains(text) ? Enum.Parse(type, text) : throw new FormatException();

    private static Shape ReadShape(YamlNode node, string file)
    {
        var extents = (ImmutableArray<int>)ReadArray(typeof(int), node, file);
        try
        {
            return Shape.Of(extents.AsSpan());
        }
        catch (GraphException error)
        {
            throw Error(file, node, error.Message.TrimEnd('.'));
        }
    }

    private static object ReadArray(Type element, YamlNode node, string file)
    {
        var sequence = node as YamlSequenceNode ?? throw Error(file, node, $"a list of {element.Name} is expected");
        var items = Array.CreateInstance(element, sequence.Children.Count);
        for (int i = 0; i < items.Length; i++)
            items.SetValue(ReadValue(element, sequence.Children[i], file), i);
        return typeof(RecordYaml).GetMethod(nameof(ToImmutable), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private static ImmutableArray<T> ToImmutable<T>(T[] items) => ImmutableArray.Create(items);

    /// <summary>The primary constructor: the public one with the most parameters.</summary>
    private static ConstructorInfo Constructor(Type type) => type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;

    private static ParameterInfo[] Parameters(Type type) => Constructor(type).GetParameters();

    private static string Key(ParameterInfo parameter) => char.ToLowerInvariant(parameter.Name![0]) + parameter.Name[1..];

    private static string Text(YamlNode key) => (key as YamlScalarNode)?.Value ?? key.ToString();

    private static object? Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null when parameter.ParameterType.IsValueType => Activator.CreateInstance(parameter.ParameterType),
        // Reflection gives an enum's default as its underlying integer.
        { } value when parameter.ParameterType.IsEnum => Enum.ToObject(parameter.ParameterType, value),
        var value => value,
    };

    private static bool IsDefault(ParameterInfo parameter, object? value) =>
        value is null || (parameter.HasDefaultValue && Equals(value, Default(parameter)));
}
