using System.Collections.Immutable;
using System.Globalization;

namespace AccelSim.Platforms.Reading;

/// <summary>Reads <c>calibration: { NAME: { value: NUMBER, fitted_on: ROWS } }</c>.</summary>
internal static class CalibrationReader
{
    /// <summary>More would fit anything.</summary>
    private const int MostConstants = 3;

    public static Calibration Read(Section root)
    {
        if (root.OptionalChild("calibration") is not { } table)
            return Calibration.Nothing;
        var constants = ImmutableArray.CreateBuilder<FittedConstant>();
        foreach ((string name, Section entry) in table.AllChildren())
        {
            string text = entry.Text("value");
            string fittedOn = entry.Text("fitted_on");
            entry.Close();
            if (!Calibration.Names.TryGetValue(name, out var range))
            {
                IReadOnlyList<string> near = NearestName.Of(name, Calibration.Names.Keys, 1);
                string problem = near.Count > 0 ? $"is no constant; did you mean '{near[0]}'?" : "is no constant";
                root.Errors.Add(table.LineOf(name), entry.Path, null, problem, string.Join(", ", Calibration.Names.Keys));
            }
            else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !(value >= range.Least && value <= range.Greatest))
            {
                if (text.Length > 0)
                    root.Errors.Add(entry.LineOf("value"), entry.Join("value"), text, "is no value of this constant", FormattableString.Invariant($"a number from {range.Least} to {range.Greatest}"));
            }
            else
            {
                constants.Add(new FittedConstant(name, value, fittedOn));
            }
        }
        if (constants.Count > MostConstants)
            root.Errors.Add(root.LineOf("calibration"), "calibration", null, $"has {constants.Count} constants, which would fit anything", $"at most {MostConstants}");
        return new Calibration(constants.ToImmutable());
    }
}
