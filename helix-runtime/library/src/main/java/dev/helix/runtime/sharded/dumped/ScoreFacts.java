package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.ScoreRule;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpFacts;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.sharded.StepShape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
    double scale =
        given.scale().orElse(dumped.softmaxScale().orElse(1 / Math.sqrt(shape.keyDim())));
    return new ScoreRule(
            scale, given.softCap(), given.window(), heads(Role.SINKS), heads(Role.SLOPES))
        .requireHeads("dump", shape.heads());
  }

  private List<Double> heads(Role role) {
    Optional<double[]> numbers = rank.numbers(role, DumpAxis.HEADS);
    return numbers.map(all -> Arrays.stream(all).boxed().toList()).orElse(List.of());
  }

  /** Whether neither the dump nor an option says the softmax scale. */
  boolean isScaleAssumed() {
    return given.scale().isEmpty() && dumped.softmaxScale().isEmpty();
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
