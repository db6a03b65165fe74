package dev.helix.runtime.checkpoint;

/**
 * The names under which Hugging Face stores the weights of the Llama family. Layers count from 0.
 * With hidden size H, Q query and K KV heads of Hsz, FFN size F and vocabulary V, a linear layer is
 * stored as {@code [out, in]}.
 */
public final class LlamaNames {
  /** {@code [V, H]}. */
  public static final String EMBEDDING = "model.embed_tokens.weight";

  /** {@code [H]}. */
  public static final String FINAL_NORM = "model.norm.weight";

  /** {@code [V, H]}; absent where it is tied to the embedding. */
  public static final String OUTPUT = "lm_head.weight";

  private LlamaNames() {}

  /** {@code [H]}. */
  public static String attentionNorm(int layer) {
    return inLayer(layer, "input_layernorm");
  }

  /** {@code [Q·Hsz, H]}. */
  public static String query(int layer) {
    return inLayer(layer, "self_attn.q_proj");
  }

  /** {@code [K·Hsz, H]}. */
  public static String key(int layer) {
    return inLayer(layer, "self_attn.k_proj");
  }

  /** {@code [K·Hsz, H]}. */
  public static String value(int layer) {
    return inLayer(layer, "self_attn.v_proj");
  }

  /** {@code [H, Q·Hsz]}. */
  public static String attentionOutput(int layer) {
    return inLayer(layer, "self_attn.o_proj");
  }

  /** {@code [H]}. */
  public static String ffnNorm(int layer) {
    return inLayer(layer, "post_attention_layernorm");
  }

  /** {@code [F, H]}. */
  public static String gate(int layer) {
    return inLayer(layer, "mlp.gate_proj");
  }

  /** {@code [F, H]}. */
  public static String up(int layer) {
    return inLayer(layer, "mlp.up_proj");
  }

  /** {@code [H, F]}. */
  public static String down(int layer) {
    return inLayer(layer, "mlp.down_proj");
  }

  private static String inLayer(int layer, String module) {
    return "model.layers." + layer + "." + module + ".weight";
  }
}
