package dev.helix.laws.diagnosis;

import dev.helix.attention.convention.LogBase;
import dev.helix.attention.faults.merge.MergeFault;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.attention.faults.merge.TileFaults;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.KnownMergeFaults;
import dev.helix.laws.merge.states.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The faults of the merge that serving systems have shipped, as {@link MergeFaults} and {@link
 * TileFaults} list them, and misreadings of a question that any new merge is prone to. Misreadings
 * come first: of faults that explain the same answers the plain one is named, then those that were
 * shipped.
 */
public final class ShippedMergeFaults implements KnownMergeFaults {
  @Override
  public List<KnownMergeFault> all() {
    List<KnownMergeFault> all = new ArrayList<>();
    all.add(new NaturalAsBase2());
    all.addAll(RoundedAnswer.all());
    all.addAll(Misreading.all());
    MergeFaults.all().forEach(fault -> all.add(new Shipped(fault)));
    TileFaults.all().forEach(fault -> all.add(new Shipped(fault)));
    return List.copyOf(all);
  }

  /** A fault of the museum. */
  private record Shipped(MergeFault fault) implements KnownMergeFault {
    @Override
    public String name() {
      return "\"%s\" (%s)".formatted(fault.story().name(), fault.story().seenIn());
    }

    /**
     * Answers with the fault in the merge. One fault takes exponentials of base e of log-sum-exps
     * of base 2, so only a merge whose convention is base 2 can have it. All others take nats.
     */
    @Override
    public Optional<Answer> answer(Stack asked) {
      LogBase base = asked.convention().base();
      boolean asGiven = fault.given().base() == LogBase.TWO;
      if (asGiven && base != LogBase.TWO) {
        return Optional.empty();
      }
      return Optional.of(Misreading.answer(asked, fault::merged, asGiven ? LogBase.E : base));
    }
  }

  /** The counterpart of the museum's base-2 LSE that is merged as base e. */
  private record NaturalAsBase2() implements KnownMergeFault {
    @Override
    public String name() {
      return "\"base-e LSE merged as base 2\"";
    }

    @Override
    public Optional<Answer> answer(Stack asked) {
      return asked.convention().base() == LogBase.E
          ? Optional.of(
              Misreading.answer(asked, states -> states.merged(RowMerge::correct), LogBase.TWO))
          : Optional.empty();
    }
  }
}
