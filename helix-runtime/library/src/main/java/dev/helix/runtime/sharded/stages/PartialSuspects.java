package dev.helix.runtime.sharded.stages;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.runtime.sharded.CacheScales;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.SinkPlace;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.LocalTokens;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.reference.SlotRange;
import dev.helix.runtime.sharded.scale.ScaleFit;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The known faults of a kernel that attends over one rank's tokens. */
final class PartialSuspects {
  private static final double LN_2 = 0.6931471805599453;

  private final ShardedStep step;
  private final StepFacts facts;
  private final PartialReference reference;
  private final StateComparison comparison;
  private final LocalReading right;
  private final SlotSuspects slots;
  private final List<Double> scales = new ArrayList<>();
  private final List<Suspect> all = new ArrayList<>();

  PartialSuspects(
      ShardedStep step,
      LocalReading right,
      PartialReference reference,
      StateComparison comparison) {
    this.step = step;
    this.facts = step.facts();
    this.right = right;
    this.reference = reference;
    this.comparison = comparison;
    this.slots = new SlotSuspects(step);
  }

  List<Suspect> all() {
    slots.all().forEach((name, change) -> reads(name, right.withRanges(change)));
    new MissingBlocks(step, right, reference)
        .all()
        .forEach((name, tokens) -> reads(name, right.with(tokens)));
    all.addAll(new ReadSuspects(step, right, reference, comparison).all());
    scores();
    sinks();
    if (!facts.scores().alibiSlopes().isEmpty()) {
      reads("slopes applied to positions within the rank", right.with(localDistances()));
    }
    caches();
    heads();
    exports();
    fitted();
    return List.copyOf(all);
  }

  private void scores() {
    ScoreRule rule = facts.scores();
    double scale = rule.scale();
    scales.add(scale);
    StepShape shape = facts.shape();
    scaled("no softmax scale", 1);
    scaled("softmax scale applied twice", scale * scale);
    scaled("softmax scale 1/" + shape.keyDim(), 1.0 / shape.keyDim());
    scaled("softmax scale 1/√" + shape.keyDim(), 1 / Math.sqrt(shape.keyDim()));
    if (shape.valueDim() != shape.keyDim()) {
      scaled("softmax scale 1/√" + shape.valueDim(), 1 / Math.sqrt(shape.valueDim()));
    }
    scaled("softmax scale with a factor log₂e too many", scale / LN_2);
    scaled("softmax scale with a factor ln 2 too many", scale * LN_2);
    if (rule.softCap().isPresent()) {
      reads("soft cap left out", right.with(capped(OptionalDouble.empty())));
    }
    rule.window()
        .ifPresent(
            window -> {
              windowed("window one token short", window - 1);
              windowed("window one token long", window + 1);
              windowed("window left out", Integer.MAX_VALUE);
            });
  }

  /** Scales that have no name, but that dumped rows fit: of all ranks, or of some alone. */
  private void fitted() {
    Set<Integer> ranks = new TreeSet<>();
    step.ranks().forEach(rank -> ranks.add(rank.rank()));
    boolean others = fitted(ranks);
    for (int rank : others || ranks.size() == 1 ? Set.<Integer>of() : ranks) {
      fitted(Set.of(rank));
    }
  }

  private boolean fitted(Set<Integer> ranks) {
    int named = scales.size();
    for (ScaleFit fit : ScaleFit.of(step, right, ranks)) {
      if (scales.stream().noneMatch(fit::isAlso)) {
        scaled("softmax scale " + fit.text(), fit.inFewDigits());
      }
    }
    return scales.size() > named;
  }

  private void scaled(String name, double scale) {
    scales.add(scale);
    if (Math.abs(scale - facts.scores().scale()) > 1e-6 * Math.abs(scale)) {
      LocalReading other = right.with(facts.scores().withScale(scale));
      reads(name, other);
      suspect(
          "LSE alone: " + name,
          (rank, wanted) ->
              reference.of(rank, right, wanted).withLsesOf(reference.of(rank, other, wanted)));
    }
  }

  private ScoreRule capped(OptionalDouble cap) {
    ScoreRule rule = facts.scores();
    return new ScoreRule(rule.scale(), cap, rule.window(), rule.sinks(), rule.alibiSlopes());
  }

  private void windowed(String name, int window) {
    LocalTokens others = LocalTokens.of(facts.owners(), Math.max(0, window));
    reads(
        name,
        right.with(
            others.withRanges(
                (rank, token, range) ->
                    new SlotRange(range.from(), right.tokens().range(rank, token).to()))));
  }

  private void sinks() {
    if (!facts.scores().sinks().isEmpty()) {
      reads("sink never counted", right.with(SinkPlace.NOWHERE));
      reads("sink counted on every rank", right.with(SinkPlace.EVERY_RANK));
    }
  }

  private LocalTokens localDistances() {
    return new LocalTokens() {
      @Override
      public SlotRange range(int rank, QueryToken token) {
        return right.tokens().range(rank, token);
      }

      @Override
      public int distance(int rank, QueryToken token, int slot) {
        return range(rank, token).to() - 1 - slot;
      }
    };
  }

  private void caches() {
    CacheScales scales = facts.forms().cache();
    if (!scales.areOne()) {
      reads("scale of K missing", right.with(scales.withoutKeys()));
      reads("scale of V missing", right.with(scales.withoutValues()));
      reads("scales of K and V missing", right.with(scales.withoutKeys().withoutValues()));
      reads("scales of K and V swapped", right.with(scales.swapped()));
      DType other = scales.readAs() == DType.BF16 ? DType.F64 : DType.BF16;
      reads(
          other == DType.BF16
              ? "no fault, but cache numbers times scale rounded to BF16"
              : "no fault, but cache numbers times scale not rounded",
          right.with(scales.readAs(other)));
    }
  }

  private void heads() {
    StepShape shape = facts.shape();
    if (shape.kvHeads() > 1) {
      reads("KV head h mod K in place of h / (Q/K)", right.withKvHeads(h -> h % shape.kvHeads()));
      if (shape.heads() % shape.kvp() == 0) {
        reads(
            "KV head counted from the first query head that a rank has after the exchange",
            right.withKvHeads(h -> h % shape.ownHeads() / shape.group()));
      }
      reads(
          "KV heads in reverse order",
          right.withKvHeads(h -> shape.kvHeads() - 1 - h / shape.group()));
    }
  }

  private void exports() {
    exports("LSE times ln 2", states -> states.lsesTimes(LN_2));
    exports("LSE divided by ln 2", states -> states.lsesTimes(1 / LN_2));
    int heads = facts.shape().heads();
    if (heads > 1 && facts.tokens().size() > 1) {
      moves("LSE [tokens, heads] as [heads, tokens]", s -> s.withLsesTransposed(heads));
      moves("output [tokens, heads] as [heads, tokens]", s -> s.withOutputsTransposed(heads));
    }
    exports("output not divided by the sum of weights", RowStates::undivided);
  }

  private void reads(String name, LocalReading reading) {
    suspect(name, (rank, wanted) -> reference.of(rank, reading, wanted));
  }

  private void exports(String name, UnaryOperator<RowStates> change) {
    suspect(name, (rank, wanted) -> change.apply(reference.of(rank, right, wanted)));
  }

  /** A change that brings rows of other tokens to where they are compared. */
  private void moves(String name, UnaryOperator<RowStates> change) {
    suspect(name, (rank, wanted) -> change.apply(reference.of(rank, right)));
  }

  private void suspect(String name, StateComparison.Source states) {
    all.add(new Suspect(name, (scope, tally) -> comparison.compare(scope, states, tally)));
  }
}
