namespace AccelSim.Studies.Simulate;

/// <summary>One thing of a machine that could be otherwise.</summary>
/// <param name="Kind">Of the changes of one kind only the best becomes a hint, such as <c>dataflow</c>.</param>
public abstract record Change(string Kind);

/// <summary>Another machine.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="Text">The change, such as <c>output-stationary instead of weight-stationary</c>.</param>
/// <param name="Machine">With the change.</param>
public sealed record Swap(string Kind, string Text, Machine Machine) : Change(Kind);

/// <summary>An amount of something, of which there could be more.</summary>
/// <param name="Kind">What it is, such as <c>weight memory</c>.</param>
/// <param name="Amount">How much there is.</param>
/// <param name="Factors">What is tried, in rising order: the first with half the gain of the last is taken.</param>
/// <param name="Quantum">The least amount searched for is a multiple of it; 0 where none is searched for.</param>
/// <param name="Format">An amount in words, such as <c>8 MiB</c>.</param>
/// <param name="With">The machine with another amount.</param>
public sealed record Knob(
    string Kind, double Amount, IReadOnlyList<double> Factors, double Quantum, Func<double, string> Format, Func<double, Machine> With) : Change(Kind);
