using AccelSim.Models.Onnx.Schema;

namespace AccelSim.Models.Onnx.Import;

/// <summary>The nodes that the outputs depend on, each after those that it reads.</summary>
internal static class NodeOrder
{
    /// <param name="graph">The graph.</param>
    /// <param name="producers">The node behind each node output.</param>
    /// <param name="place">A node for messages.</param>
    /// <exception cref="OnnxException">Nodes depend on each other in a cycle.</exception>
    public static List<NodeProto> Of(GraphProto graph, IReadOnlyDictionary<string, NodeProto> producers, Func<NodeProto, string> place)
    {
        var live = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<NodeProto>();
        foreach (var output in graph.Output)
            Visit(output.Name);
        while (stack.TryPop(out var node))
        {
            foreach (string input in node.Input)
                Visit(input);
        }
        var waiting = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        var readers = new Dictionary<NodeProto, List<NodeProto>>(ReferenceEqualityComparer.Instance);
        var ready = new PriorityQueue<NodeProto, int>();
        var position = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in graph.Node.Where(live.Contains))
        {
            position[node] = position.Count;
            var sources = node.Input.Where(producers.ContainsKey).Select(input => producers[input]).Distinct(ReferenceEqualityComparer.Instance).Cast<NodeProto>().ToList();
            waiting[node] = sources.Count;
            foreach (var source in sources)
            {
                if (!readers.TryGetValue(source, out var list))
                    readers[source] = list = [];
                list.Add(node);
            }
            if (sources.Count == 0)
                ready.Enqueue(node, position[node]);
        }
        var order = new List<NodeProto>();
        while (ready.TryDequeue(out var node, out _))
        {
            order.Add(node);
            foreach (var reader in readers.GetValueOrDefault(node) ?? [])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, position[reader]);
            }
        }
        if (order.Count < live.Count)
            throw new OnnxException($"{place(waiting.First(pair => pair.Value > 0).Key)} depends on its own output: the graph has a cycle.");
        return order;

        void Visit(string value)
        {
            if (producers.TryGetValue(value, out var node) && live.Add(node))
                stack.Push(node);
        }
    }
}
