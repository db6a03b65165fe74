package dev.helix.runtime.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * The choices of experts of a run, against the baseline's.
 *
 * @param layers one for each layer with experts, in order
 */
public record RoutingCheck(List<Layer> layers) {
  public RoutingCheck {
    layers = List.copyOf(layers);
  }

  /**
   * The choices of one layer.
   *
   * @param layer its index
   * @param same tokens whose experts were the baseline's
   * @param nearTies tokens whose experts were not, but rounding explains it
   * @param contradicted tokens whose experts were not, and rounding does not explain it
   * @param tokensOfExperts how many tokens each expert got, over the whole run
   */
  public record Layer(
      int layer, int same, int nearTies, int contradicted, List<Integer> tokensOfExperts) {
    public Layer {
      tokensOfExperts = List.copyOf(tokensOfExperts);
    }
  }

  /** Choices compared. */
  public int decisions() {
    return layers.stream().mapToInt(l -> l.same() + l.nearTies() + l.contradicted()).sum();
  }

  /** Choices other than the baseline's. */
  public int different() {
    return layers.stream().mapToInt(l -> l.nearTies() + l.contradicted()).sum();
  }

  /** Choices that rounding made. */
  public int nearTies() {
    return layers.stream().mapToInt(Layer::nearTies).sum();
  }

  /** Collects the choices of one layer. */
  static final class Tally {
    private final int layer;
    private final int[] tokens;
    private int same;
    private int nearTies;
    private int contradicted;

    Tally(int layer, int experts) {
      this.layer = layer;
      this.tokens = new int[experts];
    }

    void add(List<Integer> experts, boolean sameAsBaseline, boolean explained) {
      experts.forEach(expert -> tokens[expert]++);
      if (sameAsBaseline) {
        same++;
      } else if (explained) {
        nearTies++;
      } else {
        contradicted++;
      }
    }

    Layer done() {
      List<Integer> counts = new ArrayList<>();
      for (int count : tokens) {
        counts.add(count);
      }
      return new Layer(layer, same, nearTies, contradicted, counts);
    }
  }
}
