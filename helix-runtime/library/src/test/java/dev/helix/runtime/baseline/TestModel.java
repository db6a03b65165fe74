package dev.helix.runtime.baseline;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.rotary.RopeParameters;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A small random model with the names and sizes of a Llama checkpoint. */
final class TestModel {
  static final AttentionShape ATTENTION = new AttentionShape(12, 4, 2, 6);
  static final int INTERMEDIATE = 20;
  static final int VOCABULARY = 17;
  static final int LAYERS = 2;
  static final double EPSILON = 1e-5;

  private TestModel() {}

  static BaselineSizes sizes(boolean tied) {
    return new BaselineSizes(
        LAYERS,
        BaselineSizes.Attention.groupedQuery(ATTENTION, RopeParameters.of(1e4)),
        BaselineSizes.Ffn.dense(INTERMEDIATE),
        new BaselineSizes.Vocabulary(VOCABULARY, tied),
        EPSILON);
  }

  static Map<String, double[]> tensors(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int hidden = ATTENTION.hidden();
    int queries = ATTENTION.queryHeads() * ATTENTION.headDim();
    int keys = ATTENTION.kvHeads() * ATTENTION.headDim();
    Map<String, double[]> tensors = new HashMap<>();
    tensors.put("model.embed_tokens.weight", gaussian(random, VOCABULARY, hidden));
    tensors.put("lm_head.weight", gaussian(random, VOCABULARY, hidden));
    tensors.put("model.norm.weight", gaussian(random, hidden, 1));
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + ".";
      tensors.put(prefix + "input_layernorm.weight", gaussian(random, hidden, 1));
      tensors.put(prefix + "post_attention_layernorm.weight", gaussian(random, hidden, 1));
      tensors.put(prefix + "self_attn.q_proj.weight", gaussian(random, queries, hidden));
      tensors.put(prefix + "self_attn.k_proj.weight", gaussian(random, keys, hidden));
      tensors.put(prefix + "self_attn.v_proj.weight", gaussian(random, keys, hidden));
      tensors.put(prefix + "self_attn.o_proj.weight", gaussian(random, hidden, queries));
      tensors.put(prefix + "mlp.gate_proj.weight", gaussian(random, INTERMEDIATE, hidden));
      tensors.put(prefix + "mlp.up_proj.weight", gaussian(random, INTERMEDIATE, hidden));
      tensors.put(prefix + "mlp.down_proj.weight", gaussian(random, hidden, INTERMEDIATE));
    }
    return tensors;
  }

  static double[] gaussian(SplittableRandom random, int rows, int columns) {
    double[] numbers = new double[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextGaussian() / Math.sqrt(columns);
    }
    return numbers;
  }
}
