package dev.helix.laws.museum;

import dev.helix.attention.faults.merge.MergeFault;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.attention.faults.merge.TileFaults;
import dev.helix.laws.Law;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import java.util.List;

/** Faults of the merge itself. */
final class MergeExhibits {
  private MergeExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(
            MergeFaults.TWO_EMPTY_PARTIALS,
            "Caught by ∅ ⊕ ∅ = ∅ (empty-identity), and by all laws on a batch with an empty "
                + "request.",
            List.of(Law.EMPTY_IDENTITY)),
        exhibit(MergeFaults.ZERO_TIMES_NAN, "Caught by ownership.", List.of(Law.OWNERSHIP)),
        exhibit(
            MergeFaults.SEEDED_FOLD,
            "Caught by empty-identity, with the empty shard on the left.",
            List.of(Law.EMPTY_IDENTITY)),
        exhibit(
            MergeFaults.RAW_GAP,
            "Caught by commutative: one order overflows, the other does not.",
            List.of(Law.COMMUTATIVE)),
        exhibit(
            MergeFaults.BASE_2_AS_E,
            "The merge stays a lawful one, of other numbers: caught only by laws that know a "
                + "weight, bases and partition.",
            List.of(Law.BASES, Law.PARTITION)),
        exhibit(
            MergeFaults.BASE_OF_ANOTHER_BACKEND,
            "Caught like any other base, by bases and partition.",
            List.of(Law.BASES, Law.PARTITION)),
        exhibit(
            MergeFaults.FINITE_SENTINEL,
            "Caught by partition and constant-values with one shard that lives, below the"
                + " sentinel.",
            List.of(Law.PARTITION, Law.CONSTANT_VALUES)),
        exhibit(
            MergeFaults.ROUNDED_FIRST,
            "Caught by one-rank, and by every bound made of the declared format.",
            List.of(Law.ONE_RANK, Law.PARTITION)),
        exhibit(
            MergeFaults.TRANSPOSED_LSE,
            "Caught by one-rank and partition on equal axes.",
            List.of(Law.ONE_RANK, Law.PARTITION)),
        exhibit(
            TileFaults.SHARDS_BEYOND_A_TILE,
            "Caught by partition and commutative on 33 and more living shards, each of which is the"
                + " greater part of some component.",
            List.of(Law.PARTITION, Law.COMMUTATIVE)),
        exhibit(
            TileFaults.HEADS_BEYOND_A_TILE,
            "Caught by partition and commutative on 65 and more heads.",
            List.of(Law.PARTITION, Law.COMMUTATIVE)),
        exhibit(
            TileFaults.TOKENS_BEYOND_A_TILE,
            "Caught by partition and one-rank on 129 and more tokens.",
            List.of(Law.PARTITION, Law.ONE_RANK)),
        exhibit(
            TileFaults.WIDTH_BEYOND_A_TILE,
            "Caught by partition and one-rank on 512 and 576 components.",
            List.of(Law.PARTITION, Law.ONE_RANK)),
        exhibit(
            TileFaults.ONE_SHARD_GIVES_ZERO,
            "Caught by one-rank, and by partition into a single part.",
            List.of(Law.ONE_RANK, Law.PARTITION)));
  }

  private static Exhibit exhibit(MergeFault fault, String caught, List<Law> killers) {
    MergeUnderTest variant =
        MergeUnderTest.of(fault.given(), stack -> partial(fault.merged(states(stack))));
    return new Exhibit(fault, caught, killers, variant);
  }

  private static PlainStates states(PartialStack stack) {
    int rows = stack.tokens() * stack.heads();
    return new PlainStates(stack.shards(), rows, stack.heads(), stack.outputs(), stack.lses());
  }

  private static Partial partial(PlainStates merged) {
    return new Partial(merged.outputs(), merged.lses());
  }
}
