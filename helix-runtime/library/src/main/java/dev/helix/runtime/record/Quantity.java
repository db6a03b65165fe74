package dev.helix.runtime.record;

/** The tensors that a tap observes, in the order of the program. */
public enum Quantity {
  EMBEDDING("embedding"),
  ATTENTION_OUTPUT("attention output"),
  MIDDLE("hidden after attention"),
  ROUTING("routing"),
  FFN_OUTPUT("FFN output"),
  HIDDEN("hidden state"),
  LOGITS("logits");

  private final String words;

  Quantity(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
