package dev.helix.runtime.checkpoint;

/**
 * The names under which Hugging Face stores the weights of the Llama family. H is the hidden size,
 * Q and K are the numbers of query and KV heads of Hsz components, F is the FFN size, and V the
 * size of the vocabulary. A linear layer is stored as {@code [out, in]}. Layers count from 0.
 */
public final class LlamaNames {
  /** The name of the token embedding, {@code [V, H]}. */
  public static final String EMBEDDING = "model.embed_tokens.weight";

  /** The name of the final norm, {@code [H]}. */
  public static final String FINAL_NORM = "model.norm.weight";

  /**
   * The name of the output projection, {@code [V, H]}, which does not exist if it is tied to the
   * embedding.
   */
  public static final String OUTPUT = "lm_head.weight";

  private LlamaNames() {}

  /** The name of the norm before attention, {@code [H]}. */
  public static String attentionNorm(int layer) {
    return inLayer(layer, "input_layernorm");
  }

  /** The name of the query projection, {@code [Q·Hsz, H]}. */
  public static String query(int layer) {
    return inLayer(layer, "self_attn.q_proj");
  }

  /** The name of the key projection, {@code [K·Hsz, H]}. */
  public static String key(int layer) {
    return inLayer(layer, "self_attn.k_proj");
  }

  /** The name of the value projection, {@code [K·Hsz, H]}. */
  public static String value(int layer) {
    return inLayer(layer, "self_attn.v_proj");
  }

  /** The name of attention's output projection, {@code [H, Q·Hsz]}. */
  public static String attentionOutput(int layer) {
    return inLayer(layer, "self_attn.o_proj");
  }

  /** The name of the norm before the FFN, {@code [H]}. */
  public static String ffnNorm(int layer) {
    return inLayer(layer, "post_attention_layernorm");
  }

  /** The name of the gate projection, {@code [F, H]}. */
  public static String gate(int layer) {
    return inLayer(layer, "mlp.gate_proj");
  }

  /** The name of the up projection, {@code [F, H]}. */
  public static String up(int layer) {
    return inLayer(layer, "mlp.up_proj");
  }

  /** The name of the down projection, {@code [H, F]}. */
  public static String down(int layer) {
    return inLayer(layer, "mlp.down_proj");
  }

  private static String inLayer(int layer, String module) {
    return "model.layers." + layer + "." + module + ".weight";
  }
}
