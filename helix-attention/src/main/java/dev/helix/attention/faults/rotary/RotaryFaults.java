package dev.helix.attention.faults.rotary;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.YarnScaling;
import dev.helix.tensor.DType;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Faults of the rotary position embedding. */
public final class RotaryFaults {
  /** Rows of the table that ends. */
  private static final int TABLE_ROWS = 4096;

  public static final AttentionFault POSITIONS_IN_BF16 =
      new PositionFault(
          new FaultStory(
              "positions rounded to BF16",
              "huggingface/candle#3520",
              "Positions take the format of the model before they are multiplied with frequencies."
                  + " BF16 has whole numbers to 256; beyond, neighbours share a position.",
              "Short prompts have no position beyond 256, and long ones stay fluent."),
          position -> (int) DType.BF16.round(position));

  public static final AttentionFault TABLE_ENDS =
      new PositionFault(
          new FaultStory(
              "a rotary table ends",
              "xiaguan/pegainfer#220",
              "Cosines and sines are a table of 4,096 rows, whatever the model's context is. A "
                  + "position beyond takes the last row, and all such tokens stand at one place.",
              "The table is long enough for every test."),
          position -> Math.min(position, TABLE_ROWS - 1));

  public static final RotaryRuleFault LLAMA3_NOT_APPLIED =
      new RotaryRuleFault(
          new FaultStory(
              "llama3 scaling parsed and not applied",
              "lablup/mlxcel#1355",
              "The configuration's rope_scaling is read, and the frequencies are those of the "
                  + "plain base.",
              "The fast pairs are right, and a short prompt turns the slow ones hardly at all."),
          rope -> new RopeParameters(rope.theta(), Optional.empty(), rope.yarn()),
          UnaryOperator.identity());

  public static final RotaryRuleFault RATIO_NOT_TAKEN =
      new RotaryRuleFault(
          new FaultStory(
              "YaRN's magnitudes not divided",
              "vllm-project/vllm#48623",
              "Cosines and sines are multiplied by m(1), where the configuration has the ratio of "
                  + "m(mscale) and m(mscale_all_dim).",
              "A configuration without mscale_all_dim, as most are, means m(1)."),
          rope -> withMagnitudes(rope, 1, 0),
          UnaryOperator.identity());

  public static final RotaryRuleFault ALL_DIM_FOR_RATIO =
      new RotaryRuleFault(
          new FaultStory(
              "mscale_all_dim where the ratio belongs",
              "turboderp-org/exllamav3#259",
              "The factor of scores, m(mscale_all_dim), and that of cosines and sines, a ratio, are"
                  + " taken for one: it is multiplied onto cosines and sines, and onto scores too.",
              "Scores stay in proportion to each other; they are of another temperature."),
          rope -> withMagnitudes(rope, rope.yarn().map(YarnScaling::mscaleAllDim).orElse(0.0), 0),
          UnaryOperator.identity());

  public static final RotaryRuleFault SCORES_WITHOUT_MSCALE =
      new RotaryRuleFault(
          new FaultStory(
              "score scale without YaRN's magnitude",
              "onnxruntime/mobius#548",
              "The score scale is one over the root of the head size, without m(mscale_all_dim)²;"
                  + " with equal magnitudes the ratio on cosines and sines is 1, and nothing is"
                  + " left.",
              "At position 0 a softmax over one key has no scale, and later text is fluent."),
          UnaryOperator.identity(),
          rope -> withMagnitudes(rope, 0, 0));

  private RotaryFaults() {}

  private static RopeParameters withMagnitudes(
      RopeParameters rope, double mscale, double mscaleAllDim) {
    Optional<YarnScaling> yarn =
        rope.yarn()
            .map(
                y ->
                    new YarnScaling(
                        y.factor(),
                        y.betaFast(),
                        y.betaSlow(),
                        mscale,
                        mscaleAllDim,
                        y.originalContext()));
    return new RopeParameters(rope.theta(), rope.llama3(), yarn);
  }

  /** All faults of the rotary embedding. */
  public static List<AttentionFault> all() {
    return List.of(
        POSITIONS_IN_BF16,
        TABLE_ENDS,
        LLAMA3_NOT_APPLIED,
        RATIO_NOT_TAKEN,
        ALL_DIM_FOR_RATIO,
        SCORES_WITHOUT_MSCALE);
  }
}
