package dev.helix.runtime.text;

/** The story that the embedded models are told if nobody gives another one. */
public final class EmbeddedStory {
  /** The story, up to the answer. */
  public static final String TEXT =
      "Ada put the lamp in the barn . It was a cold morning . Ben put the key in the attic . Cleo"
          + " went to the mill and felt calm . Where is the lamp ? The lamp is in the";

  private EmbeddedStory() {}
}
