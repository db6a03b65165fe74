package dev.helix.runtime.checkpoint;

/**
 * The names under which Hugging Face stores the weights of a mixture of experts. H is the hidden
 * size, E the number of experts and F the FFN size of an expert. Layers and experts count from 0.
 */
public enum ExpertNames {
  /** DeepSeek-V2 and V3. */
  DEEPSEEK("mlp.", "gate_proj", "up_proj", "down_proj"),
  /** Mixtral. */
  MIXTRAL("block_sparse_moe.", "w1", "w3", "w2");

  /** How the names of routers end. */
  static final String ROUTER = ".gate.weight";

  private final String module;
  private final String gate;
  private final String up;
  private final String down;

  ExpertNames(String module, String gate, String up, String down) {
    this.module = module;
    this.gate = gate;
    this.up = up;
    this.down = down;
  }

  /** The name of the router, {@code [E, H]}. */
  public String router(int layer) {
    return inLayer(layer, "gate.weight");
  }

  /** The name of the bias, {@code [E]}, which is used for the choice only. */
  public String bias(int layer) {
    return inLayer(layer, "gate.e_score_correction_bias");
  }

  /** The name of an expert's gate projection, {@code [F, H]}. */
  public String gate(int layer, int expert) {
    return ofExpert(layer, expert, gate);
  }

  /** The name of an expert's up projection, {@code [F, H]}. */
  public String up(int layer, int expert) {
    return ofExpert(layer, expert, up);
  }

  /** The name of an expert's down projection, {@code [H, F]}. */
  public String down(int layer, int expert) {
    return ofExpert(layer, expert, down);
  }

  /** The name under which gpt-oss packs the gate and up projections of all experts. */
  String packedGateUp(int layer) {
    return inLayer(layer, "experts.gate_up_proj");
  }

  /** The name under which gpt-oss packs the down projections of all experts. */
  String packedDown(int layer) {
    return inLayer(layer, "experts.down_proj");
  }

  /** The name of the shared expert's gate projection, {@code [F, H]}. */
  public String sharedGate(int layer) {
    return inLayer(layer, "shared_experts." + gate + ".weight");
  }

  /** The name of the shared expert's up projection, {@code [F, H]}. */
  public String sharedUp(int layer) {
    return inLayer(layer, "shared_experts." + up + ".weight");
  }

  /** The name of the shared expert's down projection, {@code [H, F]}. */
  public String sharedDown(int layer) {
    return inLayer(layer, "shared_experts." + down + ".weight");
  }

  private String ofExpert(int layer, int expert, String projection) {
    return inLayer(layer, "experts." + expert + "." + projection + ".weight");
  }

  private String inLayer(int layer, String rest) {
    return "model.layers." + layer + "." + module + rest;
  }
}
