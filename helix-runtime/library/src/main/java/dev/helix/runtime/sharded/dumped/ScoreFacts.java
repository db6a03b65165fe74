package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.ScoreRule;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpFacts;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** How products become scores: as given, as dumped, or by the textbook's scale. */
final class ScoreFacts {
  private final GivenFacts.Scores given;
  private final DumpFacts dumped;
  private final StepShape shape;
  private final RankReading rank;

  ScoreFacts(GivenFacts.Scores given, DumpFacts dumped, StepShape shape, RankReading rank) {
    this.given = given;
    this.dumped = dumped;
    this.shape = shape;
    this.rank = rank;
  }

  ScoreRule rule() {
    double scale = stated().orElse(1 / Math.sqrt(shape.keyDim()));
    return new ScoreRule(
            scale, given.softCap(), given.window(), heads(Role.SINKS), heads(Role.SLOPES))
        .requireHeads("dump", shape.heads());
  }

  private OptionalDouble stated() {
    if (given.scale().isPresent()) {
      return given.scale();
    }
    return dumped.softmaxScale().isPresent() ? dumped.softmaxScale() : tensor();
  }

  /** The number of a tensor that holds it. */
  private OptionalDouble tensor() {
    Optional<DumpTensor> tensor = rank.find(Role.SOFTMAX_SCALE);
    if (tensor.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] numbers = tensor.get().data().numbers();
    if (numbers.length != 1 || !(numbers[0] > 0) || !Double.isFinite(numbers[0])) {
      throw new InvalidInputException(
          "%s: expected one positive number, got %s"
              .formatted(
                  tensor.get().data(),
                  numbers.length == 1 ? numbers[0] : numbers.length + " numbers"));
    }
    return OptionalDouble.of(numbers[0]);
  }

  private List<Double> heads(Role role) {
    Optional<double[]> numbers = rank.numbers(role, DumpAxis.HEADS);
    return numbers.map(all -> Arrays.stream(all).boxed().toList()).orElse(List.of());
  }

  /** Whether neither the dump nor an option says the softmax scale. */
  boolean isScaleAssumed() {
    return stated().isEmpty();
  }

  List<String> remarks() {
    boolean used = new CacheReading(rank).cache().isPresent();
    return !isScaleAssumed() || !used
        ? List.of()
        : List.of(
            "softmax scale 1/√%d is assumed, since neither the dump nor --scale says it"
                .formatted(shape.keyDim()));
  }
}
