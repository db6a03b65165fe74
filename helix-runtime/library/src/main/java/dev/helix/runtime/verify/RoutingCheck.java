package dev.helix.runtime.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * The comparison of a run's choices of experts with the baseline's.
 *
 * @param layers one entry for each layer with experts, in order
 */
public record RoutingCheck(List<Layer> layers) {
  public RoutingCheck {
    layers = List.copyOf(layers);
  }

  /**
   * The choices of one layer.
   *
   * @param layer its index
   * @param same number of tokens whose experts were the baseline's
   * @param nearTies number of tokens whose experts were not, where rounding explains it
   * @param contradicted number of tokens whose experts were not, where rounding does not explain it
   * @param tokensOfExperts how many tokens each expert got, over the whole run
   */
  public record Layer(
      int layer, int same, int nearTies, int contradicted, List<Integer> tokensOfExperts) {
    public Layer {
      tokensOfExperts = List.copyOf(tokensOfExperts);
    }
  }

  /** Number of choices that were compared. */
  public int decisions() {
    return layers.stream().mapToInt(l -> l.same() + l.nearTies() + l.contradicted()).sum();
  }

  /** Number of choices that differ from the baseline's. */
  public int different() {
    return layers.stream().mapToInt(l -> l.nearTies() + l.contradicted()).sum();
  }

  /** Number of choices that differ from the baseline's, where rounding explains it. */
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
