package dev.helix.laws.routing;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.tensor.DType;
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
 * The choice of experts for one token in 50 digits. Two experts are equal only if their logits and
 * their biases are. If two scores are closer than roundings in the implementation's format can tell
 * apart, the choice is left open.
 *
 * <p>With u the unit roundoff, an exponential of f ulps is within 2f·u of itself. Its argument d,
 * as d·log₂e for a power of 2, is off by up to 3d·u: a difference, the constant and the product are
 * rounded; a logit itself needs no difference, and 2|z|·u is enough. So a sigmoid is off by its
 * exponential, of which 1 − σ is felt, by a sum and by a quotient; a softmax by its exponential, a
 * sum of E terms, each of which adds e^−d·3d ≤ 3·0.37 times u to its rounding, and by a quotient.
 *
 * <p>Where numbers are tiny, rounding is absolute: up to half the smallest number of the format for
 * each of an exponential and a quotient. A sigmoid below 1 over the greatest number may be 0, as 1
 * + e^−z is then ∞.
 */
final class RoutingReference {
  /** The greatest e^−d·d, rounded up. */
  private static final double ARGUMENT_OF_TERM = 0.37;

  private static final BigDecimal ONE = BigDecimal.ONE;

  private final RoutingRule rule;
  private final double[] logits;
  private final double[] bias;
  private final double unit;
  private final double tiny;
  private final double least;
  private final double ofExponential;
  private final double normaliser;
  private final BigDecimal[] scores;
  private final BigDecimal[] rankings;
  private Optional<Choice> choice = Optional.empty();

  RoutingReference(RoutingRule rule, double[] logits, double[] bias, RoutingUnderTest subject) {
    this.rule = rule;
    this.logits = logits;
    this.bias = bias;
    this.unit = Precision.unit(subject.format());
    this.tiny = Precision.tiny(subject.format());
    this.least = leastOfReciprocals(subject.format());
    this.ofExponential = 2 * subject.functionUlps();
    this.normaliser = subject.normaliser();
    this.scores = rule.scoring() == Scoring.SIGMOID ? sigmoids() : softmax();
    this.rankings = new BigDecimal[scores.length];
    for (int expert = 0; expert < scores.length; expert++) {
      rankings[expert] = scores[expert].add(new BigDecimal(bias[expert]));
    }
  }

  /** 1 over the greatest number of a format, rounded up; numbers beyond it are ∞. */
  private static double leastOfReciprocals(DType format) {
    return format == DType.F16 ? 0x1p-15 : Precision.normal(format);
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

  /** The experts that the rule chooses; undecided where rounding may change the choice. */
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
   * The experts that the rule chooses for the token.
   *
   * @param decided whether every right implementation chooses these experts
   */
  record Choice(boolean decided, Set<Integer> experts) {}

  /**
   * The value by which an expert or a group is ranked, the bound of its error, and the numbers that
   * it was made from.
   */
  private record Rank(BigDecimal value, double bound, List<Double> origin) {}

  private record Best(boolean decided, List<Integer> chosen) {}

  private Rank rank(int expert) {
    double ofScore = scoreBound(expert);
    double bound = ofScore + unit * (Math.abs(FiftyDigits.doubleValue(rankings[expert])) + ofScore);
    return new Rank(rankings[expert], bound, List.of(logits[expert], bias[expert]));
  }

  /**
   * The rank of a group. Its bound is made from the largest bound of any member, because rounding
   * may make other members the best.
   */
  private Rank groupRank(int group) {
    int from = group * rule.groupSize();
    List<Rank> members =
        IntStream.range(from, from + rule.groupSize())
            .mapToObj(this::rank)
            .sorted(Comparator.comparing(Rank::value).reversed())
            .toList();
    int counted = rule.groups().score() == GroupScore.BEST ? 1 : 2;
    BigDecimal sum = BigDecimal.ZERO;
    List<Double> origin = new ArrayList<>();
    for (Rank member : members.subList(0, counted)) {
      sum = sum.add(member.value);
      origin.addAll(member.origin);
    }
    double greatest = members.stream().mapToDouble(Rank::bound).max().orElseThrow();
    double bound = counted * greatest;
    return new Rank(sum, bound + unit * (Math.abs(FiftyDigits.doubleValue(sum)) + bound), origin);
  }

  /**
   * Chooses the best of some. The choice is undecided if rounding may make one of the others
   * better.
   */
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
        double distance = FiftyDigits.doubleValue(a.value.subtract(b.value));
        decided &= distance > a.bound + b.bound || a.origin.equals(b.origin);
      }
    }
    return new Best(decided, order.subList(0, count).stream().map(all::get).toList());
  }

  private double scoreBound(int expert) {
    double score = FiftyDigits.doubleValue(scores[expert]);
    boolean sigmoid = rule.scoring() == Scoring.SIGMOID;
    if (sigmoid && score < least) {
      return score + tiny;
    }
    int experts = logits.length;
    double argument = sigmoid ? 2 * Math.abs(logits[expert]) : 3 * (greatest() - logits[expert]);
    double roundings =
        sigmoid
            ? (ofExponential + argument) * (1 - score) + 4
            : argument + (1 + 3 * ARGUMENT_OF_TERM) * experts + 2 * ofExponential + 4;
    return relative(roundings) * score + tiny * (2 + experts * score);
  }

  /** The largest relative error of n factors (1 ± u) or 1/(1 ± u): n·u/(1 − n·u). */
  private double relative(double roundings) {
    double sum = roundings * unit;
    return sum < 1 ? sum / (1 - sum) : Double.POSITIVE_INFINITY;
  }

  /** The weight of a chosen expert. */
  BigDecimal weight(int expert, Collection<Integer> chosen) {
    BigDecimal weight = scores[expert].multiply(new BigDecimal(rule.weighting().scale()));
    return rule.weighting().renormalised()
        ? weight.divide(sum(chosen), FiftyDigits.DIGITS)
        : weight;
  }

  /**
   * The bound of the error of a chosen expert's weight. It covers the score, the sum, a quotient
   * and a product. It is ∞ where roundings may make the sum 0.
   */
  double weightBound(int expert, Collection<Integer> chosen) {
    double weight = FiftyDigits.doubleValue(weight(expert, chosen));
    double scale = rule.weighting().scale();
    double sum = 1;
    double ofSum = 0;
    if (rule.weighting().renormalised()) {
      sum = FiftyDigits.doubleValue(sum(chosen));
      ofSum = chosen.stream().mapToDouble(this::scoreBound).sum() + tiny;
      ofSum += relative(chosen.size() + 1) * (sum + ofSum);
    }
    if (!(ofSum < sum)) {
      return Double.POSITIVE_INFINITY;
    }
    double numerator = scoreBound(expert) * scale + tiny;
    double quotient = (weight * ofSum + numerator) / (sum - ofSum);
    double rounded = quotient + relative(2) * (weight + quotient) + tiny * (1 + scale);
    return (1 + 1e-3) * rounded;
  }

  private BigDecimal sum(Collection<Integer> chosen) {
    BigDecimal sum = new BigDecimal(normaliser);
    for (int expert : chosen) {
      sum = sum.add(scores[expert]);
    }
    return sum;
  }
}
