package dev.helix.runtime.sharded.dumped;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** The tensors of one rank at one moment, in the order of axes that stages expect. */
final class RankReading {
  private final Dump dump;
  private final int rank;
  private final Moment moment;

  RankReading(Dump dump, int rank, Moment moment) {
    this.dump = dump;
    this.rank = rank;
    this.moment = moment;
  }

  Optional<DumpTensor> find(Role role) {
    return dump.find(role, rank, moment);
  }

  /** What the dump states by a name. */
  Optional<String> stated(String name) {
    return dump.facts().stated(name);
  }

  /** The numbers of a tensor in this order of axes, of which it may lack some. */
  Optional<double[]> numbers(Role role, DumpAxis... order) {
    return find(role).map(tensor -> ordered(tensor, order).data().numbers());
  }

  /** The integers of a tensor. */
  Optional<int[]> integers(Role role) {
    return find(role).map(tensor -> integers(tensor));
  }

  static int[] integers(DumpTensor tensor) {
    return Arrays.stream(tensor.data().integers())
        .mapToInt(
            value -> {
              if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
                throw new InvalidInputException(
                    "%s: expected integers of 32 bits, got %d"
                        .formatted(tensor.data().described(), value));
              }
              return (int) value;
            })
        .toArray();
  }

  /** The tensor with those axes that it has in this order; flattened axes stay as they are. */
  static DumpTensor ordered(DumpTensor tensor, DumpAxis... order) {
    DumpAxis[] there =
        Stream.concat(Arrays.stream(order), Stream.of(DumpAxis.HEADS_BY_DIM))
            .filter(tensor::has)
            .toArray(DumpAxis[]::new);
    return tensor.in(there);
  }

  /** The number of rows of a tensor, [batch] or [batch, queries]. */
  static int tokens(DumpTensor tensor) {
    long tokens = tensor.size(DumpAxis.BATCH);
    return Math.toIntExact(
        tensor.has(DumpAxis.QUERIES) ? tokens * tensor.size(DumpAxis.QUERIES) : tokens);
  }
}
