package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.LocalTokens;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.SlotRange;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/** The known faults of a kernel that reads other keys, values or queries than those it is given. */
final class ReadSuspects {
  private final RankStep first;
  private final StepFacts facts;
  private final StepShape shape;
  private final PartialReference reference;
  private final StateComparison comparison;
  private final LocalReading right;
  private final List<Suspect> all = new ArrayList<>();

  ReadSuspects(
      ShardedStep step,
      LocalReading right,
      PartialReference reference,
      StateComparison comparison) {
    this.first = step.ranks().get(0);
    this.facts = step.facts();
    this.shape = facts.shape();
    this.right = right;
    this.reference = reference;
    this.comparison = comparison;
  }

  List<Suspect> all() {
    slots();
    pages();
    parts();
    scaledQueries();
    return List.copyOf(all);
  }

  /** Faults that count a slot twice, or pair the keys of slots with the values of others. */
  private void slots() {
    chosen("last token counted twice", (rank, token, slots, all) -> slots.withTheLastTwice());
    chosen(
        "values of the slot before that of their keys",
        (rank, token, slots, all) -> slots.withValuesOf(slot -> Math.max(0, slot - 1)));
    chosen(
        "values of the slot behind that of their keys",
        (rank, token, slots, all) -> slots.withValuesOf(slot -> Math.min(slot + 1, all - 1)));
  }

  private void chosen(String name, LocalTokens.ChoiceChange change) {
    LocalReading chosen = right.with(right.tokens().withChoices(change));
    suspect(name, (rank, wanted) -> reference.of(rank, chosen, wanted));
  }

  /** Faults that read other bytes than those of the right pages, or read these otherwise. */
  private void pages() {
    LocalReading global =
        right.withRanges((rank, token, range) -> new SlotRange(range.from(), token.visible()));
    suspect(
        "global length in place of the local one, on into pages of other requests",
        (rank, wanted) ->
            reference.of(rank.with(rank.cache().orElseThrow().withForeignPages()), global, wanted));
    int requests = facts.owners().requests();
    if (requests > 1) {
      pagesOf("pages of the next request", request -> (request + 1) % requests);
      pagesOf("pages of the request before", request -> (request + requests - 1) % requests);
    }
    Set<String> misreadings =
        first.cache().map(cache -> cache.misreadings().keySet()).orElse(Set.of());
    for (String name : new TreeSet<>(misreadings)) {
      suspect(
          name,
          (rank, wanted) ->
              reference.of(
                  rank.with(rank.cache().orElseThrow().misreadings().get(name)), right, wanted));
    }
  }

  private void pagesOf(String name, IntUnaryOperator other) {
    suspect(
        name,
        (rank, wanted) ->
            reference.of(rank.with(rank.cache().orElseThrow().withPagesOf(other)), right, wanted));
  }

  /** Scores of the first components alone, which are those of the latent in latent attention. */
  private void parts() {
    int behind = shape.keyDim() - shape.valueDim();
    if (behind > 0) {
      suspect(
          "scores without the rotary part, the last %d components".formatted(behind),
          (rank, wanted) ->
              reference.of(
                  rank.with(StepTensor.QUERY, cut(rank.get(StepTensor.QUERY))), right, wanted));
    }
  }

  /** Kernels that scale queries before they multiply keys, and round them once more. */
  private void scaledQueries() {
    double scale = facts.scores().scale();
    LocalReading unscaled = right.with(facts.scores().withScale(1));
    boolean powerOfTwo = Math.scalb(1.0, Math.getExponent(scale)) == scale;
    if (!powerOfTwo) {
      suspect(
          "no fault, but queries times the softmax scale rounded to BF16",
          (rank, wanted) ->
              reference.of(
                  rank.with(
                      StepTensor.QUERY,
                      Arrays.stream(rank.get(StepTensor.QUERY))
                          .map(query -> DType.BF16.round(query * scale))
                          .toArray()),
                  unscaled,
                  wanted));
    }
  }

  private double[] cut(double[] queries) {
    double[] cut = queries.clone();
    for (int end = shape.keyDim(); end <= cut.length; end += shape.keyDim()) {
      Arrays.fill(cut, end - (shape.keyDim() - shape.valueDim()), end, 0);
    }
    return cut;
  }

  private void suspect(String name, StateComparison.Source states) {
    all.add(new Suspect(name, (scope, tally) -> comparison.compare(scope, states, tally)));
  }
}
