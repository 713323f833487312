using AccelSim.Graph;

namespace AccelSim.Studies;

/// <summary>Classes from logits, float or int8 codes.</summary>
public static class Classification
{
    /// <summary>The index of the largest logit of each row of [N, classes]; the first of equals.</summary>
    public static int[] Top1(Tensor logits)
    {
        int classes = logits.Shape[1];
        int[] top = new int[logits.Shape[0]];
        for (int n = 0; n < top.Length; n++)
        {
            for (int c = 1; c < classes; c++)
            {
                if (At(n, c) > At(n, top[n]))
                    top[n] = c;
            }
        }
        return top;

        float At(int n, int c) => logits.Element == ElementType.Int8 ? logits.Int8[n * classes + c] : logits.Float32[n * classes + c];
    }
}
