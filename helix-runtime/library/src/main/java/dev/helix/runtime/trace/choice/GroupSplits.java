package dev.helix.runtime.trace.choice;

import dev.helix.ffn.RouterRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the k experts of a token fall on the groups of experts, if T of G groups stay and scores are
 * independent and uniform.
 *
 * <p>Let u be 1 − score, and s of a group the sum of its two least u, or its least, as the rule
 * scores it. The T groups with the least s stay, and the k least u of these are chosen. Given the
 * least s of the groups that go, σ, the groups are independent, each with s below σ. Given the k-th
 * least u of those that stay, t, a group has m experts below t with the chance A(m), or its m-th at
 * t with the density b(m) ({@link OneGroup}). So a split m₁ .. m_T has the chance
 *
 * <pre>C(G, T) ∫ dσ g(σ) ∫ dt Σᵢ b(mᵢ) ∏_{j≠i} A(mⱼ)</pre>
 *
 * <p>where g is the density of σ. Between 0, σ/2, σ and 1 the integrand is a polynomial, which
 * Gauss's rule with N points integrates exactly up to the degree 2N − 1. Beyond that degree what is
 * left is far below rounding: for DeepSeek-R1 all chances add up to 1 within 10⁻¹³.
 */
final class GroupSplits {
  /** Points of an integral: more than 48 change no digit even for groups of 32 experts. */
  private static final int MOST_POINTS = 48;

  private final RouterRule rule;
  private final OneGroup group;
  private final List<int[]> splits = new ArrayList<>();
  private final double[] chances;
  private final GaussRule gauss;

  private GroupSplits(RouterRule rule) {
    this.rule = rule;
    this.group = OneGroup.of(rule);
    addSplits(new int[0], rule.topK());
    this.chances = new double[splits.size()];
    this.gauss = GaussRule.of(Math.min(MOST_POINTS, (rule.experts() + 1) / 2));
  }

  /**
   * A way in which the experts of a token fall on groups.
   *
   * @param parts number of experts in each group that has one, descending
   * @param chance how likely it is
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares two.
  record Split(int[] parts, double chance) {}

  /** The splits of a rule that keeps fewer groups than there are; their chances add up to 1. */
  static List<Split> of(RouterRule rule) {
    GroupSplits found = new GroupSplits(rule);
    found.integrate();
    List<Split> all = new ArrayList<>();
    for (int i = 0; i < found.chances.length; i++) {
      all.add(new Split(found.splits.get(i), found.chances[i]));
    }
    return all;
  }

  private void addSplits(int[] begun, int left) {
    if (left == 0) {
      splits.add(begun);
    } else if (begun.length < rule.keptGroups()) {
      int most = begun.length == 0 ? left : Math.min(left, begun[begun.length - 1]);
      for (int part = Math.min(most, rule.groupSize()); part > 0; part--) {
        int[] longer = Arrays.copyOf(begun, begun.length + 1);
        longer[begun.length] = part;
        addSplits(longer, left - part);
      }
    }
  }

  private void integrate() {
    int gone = rule.groups() - rule.keptGroups();
    double sets = ratio(rule.groups(), rule.keptGroups());
    // A sum of two lies between 0 and 2.
    for (int from = 0; from < group.largest(); from++) {
      for (int i = 0; i < gauss.size(); i++) {
        double sigma = from + gauss.point(i);
        double density = gone * group.density(sigma) * OneGroup.power(group.above(sigma), gone - 1);
        integrate(sigma, sets * density * gauss.weight(i));
      }
    }
    for (int i = 0; i < chances.length; i++) {
      chances[i] *= orders(splits.get(i));
    }
  }

  private void integrate(double sigma, double weight) {
    double[] ends = {0, Math.max(0, sigma - 1), sigma / 2, Math.min(1, sigma), 1};
    double[] below = new double[rule.topK() + 1];
    double[] at = new double[rule.topK() + 1];
    for (int piece = 1; piece < ends.length; piece++) {
      double length = ends[piece] - ends[piece - 1];
      for (int i = 0; length > 0 && i < gauss.size(); i++) {
        group.fill(ends[piece - 1] + length * gauss.point(i), sigma, below, at);
        add(below, at, weight * length * gauss.weight(i));
      }
    }
  }

  private void add(double[] below, double[] at, double weight) {
    for (int i = 0; i < chances.length; i++) {
      int[] parts = splits.get(i);
      double others = 1;
      for (int group = parts.length; group < rule.keptGroups(); group++) {
        others *= below[0];
      }
      double sum = 0;
      for (int one = 0; one < parts.length; one++) {
        double product = at[parts[one]];
        for (int other = 0; other < parts.length; other++) {
          product *= other == one ? 1 : below[parts[other]];
        }
        sum += product;
      }
      chances[i] += weight * others * sum;
    }
  }

  /** In how many orders the parts of a split, with the zeros of groups without one, can stand. */
  private double orders(int[] parts) {
    double orders = 1;
    int before = 0;
    for (int from = 0; from < parts.length; ) {
      int to = from;
      while (to < parts.length && parts[to] == parts[from]) {
        to++;
      }
      orders *= ratio(rule.keptGroups() - before, to - from);
      before += to - from;
      from = to;
    }
    return orders;
  }

  /** C(all, some). */
  static double ratio(int all, int some) {
    double ways = 1;
    for (int i = 0; i < some; i++) {
      ways = ways * (all - i) / (i + 1);
    }
    return ways;
  }
}
