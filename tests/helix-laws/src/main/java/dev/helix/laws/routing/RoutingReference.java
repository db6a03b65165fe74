package dev.helix.laws.routing;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The choice for one token with 50 digits: scores are compared as they are, and equals are those
 * whose logits and biases are equal. Where two are closer than rounding in the implementation's
 * format can tell apart, nothing is decided.
 *
 * <p>With u the unit roundoff: an exponential is within 4u of itself, its argument's rounding |z −
 * max|·u aside; a sigmoid takes a sum and a quotient more, a softmax a sum of E terms, each of
 * which is off as said, at most e^−d·d ≤ 0.37 for the distance d, and a quotient.
 */
final class RoutingReference {
  private static final double OF_EXPONENTIAL = 4;
  private static final BigDecimal ONE = BigDecimal.ONE;

  private final RoutingRule rule;
  private final double[] logits;
  private final double[] bias;
  private final double unit;
  private final double normaliser;
  private final BigDecimal[] scores;
  private final BigDecimal[] rankings;
  private Optional<Choice> choice = Optional.empty();

  RoutingReference(RoutingRule rule, double[] logits, double[] bias, RoutingUnderTest subject) {
    this.rule = rule;
    this.logits = logits;
    this.bias = bias;
    this.unit = Precision.unit(subject.format());
    this.normaliser = subject.normaliser();
    this.scores = rule.scoring() == Scoring.SIGMOID ? sigmoids() : softmax();
    this.rankings = new BigDecimal[scores.length];
    for (int expert = 0; expert < scores.length; expert++) {
      rankings[expert] = scores[expert].add(new BigDecimal(bias[expert]));
    }
  }

  private BigDecimal[] sigmoids() {
    BigDecimal[] sigmoids = new BigDecimal[logits.length];
    for (int expert = 0; expert < sigmoids.length; expert++) {
      BigDecimal e = FiftyDigits.exp(new BigDecimal(logits[expert]).negate());
      sigmoids[expert] = ONE.divide(ONE.add(e), FiftyDigits.DIGITS);
    }
    return sigmoids;
  }

  private BigDecimal[] softmax() {
    BigDecimal greatest = new BigDecimal(greatest());
    BigDecimal[] softmax = new BigDecimal[logits.length];
    BigDecimal sum = BigDecimal.ZERO;
    for (int expert = 0; expert < softmax.length; expert++) {
      softmax[expert] = FiftyDigits.exp(new BigDecimal(logits[expert]).subtract(greatest));
      sum = sum.add(softmax[expert]);
    }
    for (int expert = 0; expert < softmax.length; expert++) {
      softmax[expert] = softmax[expert].divide(sum, FiftyDigits.DIGITS);
    }
    return softmax;
  }

  private double greatest() {
    return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
  }

  /** The experts that the rule says, or nothing where rounding decides. */
  Choice choice() {
    choice = choice.or(() -> Optional.of(chosen()));
    return choice.get();
  }

  private Choice chosen() {
    List<Integer> groups = IntStream.range(0, rule.groups().count()).boxed().toList();
    Best kept = best(groups, rule.groups().kept(), this::groupRank);
    List<Integer> candidates =
        IntStream.range(0, rule.experts())
            .boxed()
            .filter(expert -> kept.chosen.contains(expert / rule.groupSize()))
            .toList();
    Best best = best(candidates, rule.topK(), this::rank);
    return new Choice(kept.decided && best.decided, new TreeSet<>(best.chosen));
  }

  /**
   * What the rule says.
   *
   * @param decided whether any right implementation chooses these experts
   */
  record Choice(boolean decided, Set<Integer> experts) {}

  /** How good an expert or a group is, how far rounding may move it, and what it is made of. */
  private record Rank(BigDecimal value, double bound, List<Double> origin) {}

  private record Best(boolean decided, List<Integer> chosen) {}

  private Rank rank(int expert) {
    double bound = scoreBound(expert) + unit * Math.abs(rankings[expert].doubleValue());
    return new Rank(rankings[expert], bound, List.of(logits[expert], bias[expert]));
  }

  private Rank groupRank(int group) {
    int from = group * rule.groupSize();
    List<Integer> members =
        IntStream.range(from, from + rule.groupSize())
            .boxed()
            .sorted(Comparator.comparing((Integer expert) -> rankings[expert]).reversed())
            .limit(rule.groups().score() == GroupScore.BEST ? 1 : 2)
            .toList();
    BigDecimal sum = BigDecimal.ZERO;
    double bound = 0;
    List<Double> origin = new ArrayList<>();
    for (int member : members) {
      sum = sum.add(rankings[member]);
      bound += rank(member).bound;
      origin.addAll(rank(member).origin);
    }
    return new Rank(sum, bound + unit * Math.abs(sum.doubleValue()), origin);
  }

  /** The best of some; undecided if one of the others may be better for all that rounding does. */
  private Best best(List<Integer> all, int count, IntFunction<Rank> rank) {
    List<Rank> ranks = all.stream().map(rank::apply).toList();
    List<Integer> order =
        IntStream.range(0, all.size())
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> ranks.get(i).value)
                    .reversed()
                    .thenComparing(i -> i))
            .toList();
    boolean decided = true;
    for (int in : order.subList(0, count)) {
      for (int out : order.subList(count, order.size())) {
        Rank a = ranks.get(in);
        Rank b = ranks.get(out);
        double distance = a.value.subtract(b.value).doubleValue();
        decided &= distance > a.bound + b.bound || a.origin.equals(b.origin);
      }
    }
    return new Best(decided, order.subList(0, count).stream().map(all::get).toList());
  }

  private double scoreBound(int expert) {
    double score = scores[expert].doubleValue();
    double distance = greatest() - logits[expert];
    double roundings =
        rule.scoring() == Scoring.SIGMOID
            ? OF_EXPONENTIAL + 4
            : distance + (1 + 0.37) * logits.length + 2 * OF_EXPONENTIAL + 4;
    return roundings * unit * score;
  }

  /** The weight of a chosen expert. */
  BigDecimal weight(int expert, Collection<Integer> chosen) {
    BigDecimal weight = scores[expert].multiply(new BigDecimal(rule.weighting().scale()));
    return rule.weighting().renormalised()
        ? weight.divide(sum(chosen), FiftyDigits.DIGITS)
        : weight;
  }

  /** How far it may be off: its score, the sum and its roundings, a quotient and a product. */
  double weightBound(int expert, Collection<Integer> chosen) {
    double relative = scoreBound(expert) / scores[expert].doubleValue() + 2 * unit;
    if (rule.weighting().renormalised()) {
      double ofSum = chosen.stream().mapToDouble(this::scoreBound).sum();
      relative += ofSum / sum(chosen).doubleValue() + (chosen.size() + 2) * unit;
    }
    return (1 + 1e-3) * relative * weight(expert, chosen).doubleValue();
  }

  private BigDecimal sum(Collection<Integer> chosen) {
    BigDecimal sum = new BigDecimal(normaliser);
    for (int expert : chosen) {
      sum = sum.add(scores[expert]);
    }
    return sum;
  }
}
