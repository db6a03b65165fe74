package dev.helix.tests.exact;

import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Wire;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.faults.ForwardingCollectives;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Purpose;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The exact reading with a fault of the bug museum: partial results are rounded before they cross
 * (ring-flash-attention#42, flash-attention#1088; here to double precision, where no tolerance sees
 * it).
 */
final class EarlyRounding implements Reading<ExactTensor> {
  private final ExactReading correct = new ExactReading();
  private final Predicate<Spec> rounded;
  private final boolean gathersAlone;

  private EarlyRounding(Predicate<Spec> rounded, boolean gathersAlone) {
    this.rounded = rounded;
    this.gathersAlone = gathersAlone;
  }

  /** Weighted values, on their way through the all-to-all. */
  static EarlyRounding ofAttentionStates() {
    return new EarlyRounding(spec -> spec.has(Axis.HEAD_DIM), false);
  }

  /** Partial sums of a projection, on their way into the all-reduce. */
  static EarlyRounding ofPartialProjections() {
    return new EarlyRounding(spec -> spec.has(Axis.HIDDEN), false);
  }

  /** What the experts of one group have added up, on its way to the other groups. */
  static EarlyRounding ofExpertGroups() {
    return new EarlyRounding(spec -> spec.has(Axis.HIDDEN), true);
  }

  @Override
  public String name() {
    return "early rounding";
  }

  @Override
  public RankOperations<ExactTensor> on(Communicator communicator) {
    RankOperations<ExactTensor> operations = correct.on(communicator);
    ExactRank rank = new ExactRank(communicator.scope());
    Collectives<ExactTensor> rounding =
        new WireCollectives<>(communicator, new RoundingWire(rank, new ExactWire(rank), rounded));
    return new RankOperations<>(
        operations.scope(),
        operations.kernels(),
        operations.attention(),
        operations.ffn(),
        gathersAlone ? new RoundedGathers(operations.collectives(), rounding) : rounding,
        operations.latent(),
        operations.moe());
  }

  private static final class RoundedGathers extends ForwardingCollectives<ExactTensor> {
    private final Collectives<ExactTensor> rounding;

    RoundedGathers(Collectives<ExactTensor> healthy, Collectives<ExactTensor> rounding) {
      super(healthy);
      this.rounding = rounding;
    }

    @Override
    public ExactTensor allGather(Purpose purpose, Group group, Axis axis, ExactTensor tensor) {
      return rounding.allGather(purpose, group, axis, tensor);
    }
  }

  private record RoundingWire(ExactRank rank, ExactWire correct, Predicate<Spec> rounded)
      implements Wire<ExactTensor> {
    @Override
    public ByteBuffer encode(ExactTensor tensor, Axis axis, int from, int to) {
      boolean hit = tensor.isUnfinished() && rounded.test(tensor.spec());
      return correct.encode(hit ? roundedOnce(tensor) : tensor, axis, from, to);
    }

    @Override
    public ExactTensor decode(Spec spec, Axis axis, List<ByteBuffer> parts) {
      return correct.decode(spec, axis, parts);
    }

    @Override
    public ExactTensor sum(Spec spec, List<ByteBuffer> parts) {
      return correct.sum(spec, parts);
    }

    @Override
    public ExactTensor partialSum(Spec spec, List<ByteBuffer> parts) {
      return correct.partialSum(spec, parts);
    }

    private ExactTensor roundedOnce(ExactTensor tensor) {
      List<ExactSums> sums = new ArrayList<>();
      for (ExactSums run : tensor.sums("test")) {
        ExactSums once = new ExactSums(run.size());
        for (int i = 0; i < run.size(); i++) {
          once.add(i, run.round(i), 0);
        }
        sums.add(once);
      }
      return rank.unfinished(tensor.spec(), sums);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
