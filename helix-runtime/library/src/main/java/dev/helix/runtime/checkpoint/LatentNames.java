package dev.helix.runtime.checkpoint;

/**
 * The names under which Hugging Face stores the weights of latent attention. H is the hidden size.
 * There are Q heads, with nope + rope components in queries and v in values. Layers count from 0.
 * The output projection, {@code [H, Q·v]}, has the same name as Llama's.
 */
public final class LatentNames {
  private LatentNames() {}

  /**
   * The name of the query projection, {@code [Q·(nope + rope), H]}, if queries are not compressed.
   */
  public static String query(int layer) {
    return inLayer(layer, "q_proj");
  }

  /** The name of the projection to compressed queries, {@code [q_lora, H]}. */
  public static String queryDown(int layer) {
    return inLayer(layer, "q_a_proj");
  }

  /** The name of the norm of compressed queries, {@code [q_lora]}. */
  public static String queryNorm(int layer) {
    return inLayer(layer, "q_a_layernorm");
  }

  /** The name of the projection from compressed queries, {@code [Q·(nope + rope), q_lora]}. */
  public static String queryUp(int layer) {
    return inLayer(layer, "q_b_proj");
  }

  /**
   * The name of the projection to cache entries, {@code [kv_lora + rope, H]}: the rows of the
   * latent, then those of the rotary key.
   */
  public static String entry(int layer) {
    return inLayer(layer, "kv_a_proj_with_mqa");
  }

  /** The name of the norm of latents, {@code [kv_lora]}. */
  public static String latentNorm(int layer) {
    return inLayer(layer, "kv_a_layernorm");
  }

  /**
   * The name of the up-projection of keys and values, {@code [Q·(nope + v), kv_lora]}: for each
   * head the rows of its key, then those of its value.
   */
  public static String keyValueUp(int layer) {
    return inLayer(layer, "kv_b_proj");
  }

  private static String inLayer(int layer, String module) {
    return "model.layers." + layer + ".self_attn." + module + ".weight";
  }
}
