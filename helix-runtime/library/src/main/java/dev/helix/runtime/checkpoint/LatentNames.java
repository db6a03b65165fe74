package dev.helix.runtime.checkpoint;

/**
 * The names under which Hugging Face stores the weights of latent attention. With hidden size H, Q
 * heads of nope + rope components, values of v; layers count from 0. The output projection is named
 * as Llama's, {@code [H, Q·v]}.
 */
public final class LatentNames {
  private LatentNames() {}

  /** {@code [Q·(nope + rope), H]}, where the query is not compressed. */
  public static String query(int layer) {
    return inLayer(layer, "q_proj");
  }

  /** {@code [q_lora, H]}. */
  public static String queryDown(int layer) {
    return inLayer(layer, "q_a_proj");
  }

  /** {@code [q_lora]}. */
  public static String queryNorm(int layer) {
    return inLayer(layer, "q_a_layernorm");
  }

  /** {@code [Q·(nope + rope), q_lora]}. */
  public static String queryUp(int layer) {
    return inLayer(layer, "q_b_proj");
  }

  /** {@code [kv_lora + rope, H]}: the rows of the latent, then of the rotary key. */
  public static String entry(int layer) {
    return inLayer(layer, "kv_a_proj_with_mqa");
  }

  /** {@code [kv_lora]}. */
  public static String latentNorm(int layer) {
    return inLayer(layer, "kv_a_layernorm");
  }

  /** {@code [Q·(nope + v), kv_lora]}: for each head the rows of its key, then of its value. */
  public static String keyValueUp(int layer) {
    return inLayer(layer, "kv_b_proj");
  }

  private static String inLayer(int layer, String module) {
    return "model.layers." + layer + ".self_attn." + module + ".weight";
  }
}
