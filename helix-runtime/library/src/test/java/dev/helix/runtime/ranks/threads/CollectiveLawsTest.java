package dev.helix.runtime.ranks.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.WireCollectives;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * What the collectives are, on threads: each law holds in every group of a run whose ranks are
 * dealt out to groups of any size and order, all working at once.
 */
final class CollectiveLawsTest {
  private static final String SEED = "1664525";
  private static final int TRIES = 150;

  /** A run whose ranks all belong to one group each. */
  private record Mesh(int ranks, List<Group> groups) {
    Group groupOf(int rank) {
      return groups.stream().filter(g -> g.ranks().contains(rank)).findFirst().orElseThrow();
    }
  }

  /** What one rank does in a law. */
  private interface Step {
    List<PlainTensor> run(Collectives<PlainTensor> collectives, Group group, int rank);
  }

  /** Results by rank. */
  private static List<List<PlainTensor>> onAll(Mesh mesh, Step step) {
    return ThreadRanks.inOneJvm(
        mesh.ranks(),
        communicator -> {
          int rank = communicator.rank();
          return step.run(
              new WireCollectives<>(communicator, new PlainWire(rank)), mesh.groupOf(rank), rank);
        });
  }

  @Property(seed = SEED, tries = TRIES)
  void allToAllTransposesBlocksBitForBit(
      @ForAll("meshes") Mesh mesh,
      @ForAll @IntRange(min = 0, max = 3) int batch,
      @ForAll @IntRange(min = 0, max = 3) int block,
      @ForAll @IntRange(min = 1, max = 3) int headDim,
      @ForAll long seed) {
    List<List<PlainTensor>> results =
        onAll(
            mesh,
            (collectives, group, rank) -> {
              List<PlainTensor> operands =
                  List.of(
                      values(heads(batch, block * group.size(), headDim), rank, seed),
                      values(stats(block * group.size(), batch), rank, seed + 1));
              return collectives.allToAll(Phase.ALL_TO_ALL, group, Axis.HEADS, operands);
            });
    for (int rank = 0; rank < mesh.ranks(); rank++) {
      Group group = mesh.groupOf(rank);
      int to = group.indexOf(rank);
      List<PlainTensor> outputs = new ArrayList<>();
      List<PlainTensor> stats = new ArrayList<>();
      for (int from : group.ranks()) {
        PlainTensor output = values(heads(batch, block * group.size(), headDim), from, seed);
        outputs.add(slice(output, Axis.HEADS, to * block, block));
        PlainTensor stat = values(stats(block * group.size(), batch), from, seed + 1);
        stats.add(slice(stat, Axis.HEADS, to * block, block));
      }
      assertEquals(List.of(stack(outputs), stack(stats)), results.get(rank));
    }
  }

  @Property(seed = SEED, tries = TRIES)
  void allToAllOverShardsIsAnInvolution(
      @ForAll("meshes") Mesh mesh,
      @ForAll @IntRange(min = 1, max = 2) int shardsPerMember,
      @ForAll @IntRange(min = 0, max = 5) int hidden,
      @ForAll long seed) {
    List<List<PlainTensor>> results =
        onAll(
            mesh,
            (collectives, group, rank) -> {
              PlainTensor x = values(stacked(shardsPerMember * group.size(), hidden), rank, seed);
              List<PlainTensor> once =
                  collectives.allToAll(Phase.ALL_TO_ALL, group, Axis.SHARDS, List.of(x));
              return collectives.allToAll(Phase.ALL_TO_ALL, group, Axis.SHARDS, once);
            });
    for (int rank = 0; rank < mesh.ranks(); rank++) {
      int shards = shardsPerMember * mesh.groupOf(rank).size();
      assertEquals(List.of(values(stacked(shards, hidden), rank, seed)), results.get(rank));
    }
  }

  /** The case in which a swapped axis keeps its shape. */
  @Property(seed = SEED, tries = TRIES)
  void allToAllThereAndBackReturnsTheBlocksWhereHeadsTokensAndRanksAreAsMany(
      @ForAll("meshes") Mesh mesh, @ForAll long seed) {
    List<List<PlainTensor>> results =
        onAll(
            mesh,
            (collectives, group, rank) -> {
              int n = group.size();
              PlainTensor x = values(heads(n, n, n), rank, seed);
              List<PlainTensor> there =
                  collectives.allToAll(Phase.ALL_TO_ALL, group, Axis.HEADS, List.of(x));
              return collectives.allToAll(Phase.ALL_TO_ALL, group, Axis.SHARDS, there);
            });
    for (int rank = 0; rank < mesh.ranks(); rank++) {
      int n = mesh.groupOf(rank).size();
      PlainTensor x = values(heads(n, n, n), rank, seed);
      List<PlainTensor> blocks =
          IntStream.range(0, n).mapToObj(i -> slice(x, Axis.HEADS, i, 1)).toList();
      assertEquals(List.of(stack(blocks)), results.get(rank));
    }
  }

  @Property(seed = SEED, tries = TRIES)
  void allReduceIsTheSumInGroupOrderBitForBitOnEveryMember(
      @ForAll("meshes") Mesh mesh,
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 0, max = 9) int hidden,
      @ForAll long seed) {
    Spec spec = rows(batch, hidden);
    List<List<PlainTensor>> results =
        onAll(
            mesh,
            (collectives, group, rank) ->
                List.of(
                    collectives.allReduce(Phase.ALL_REDUCE, group, cancelling(spec, rank, seed))));
    for (int rank = 0; rank < mesh.ranks(); rank++) {
      assertEquals(List.of(sumInOrder(mesh.groupOf(rank), spec, seed)), results.get(rank));
    }
  }

  @Property(seed = SEED, tries = TRIES)
  void reduceScatterThenAllGatherIsAllReduce(
      @ForAll("meshes") Mesh mesh,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 0, max = 3) int block,
      @ForAll long seed) {
    List<List<PlainTensor>> results =
        onAll(
            mesh,
            (collectives, group, rank) -> {
              Spec spec = rows(batch, block * group.size());
              PlainTensor own =
                  collectives.reduceScatter(
                      Phase.ALL_REDUCE, group, Axis.HIDDEN, cancelling(spec, rank, seed));
              return List.of(own, collectives.allGather(Phase.COMBINE, group, Axis.HIDDEN, own));
            });
    for (int rank = 0; rank < mesh.ranks(); rank++) {
      Group group = mesh.groupOf(rank);
      PlainTensor sum = sumInOrder(group, rows(batch, block * group.size()), seed);
      PlainTensor own = slice(sum, Axis.HIDDEN, group.indexOf(rank) * block, block);
      assertEquals(List.of(own, sum), results.get(rank));
    }
  }

  @Property(seed = SEED, tries = TRIES)
  void broadcastGivesTheRootsTensorToEveryMember(
      @ForAll("meshes") Mesh mesh,
      @ForAll @IntRange(min = 0, max = 7) int choice,
      @ForAll long seed) {
    Spec spec = rows(2, 3);
    List<List<PlainTensor>> results =
        onAll(
            mesh,
            (collectives, group, rank) ->
                List.of(
                    collectives.broadcast(
                        Phase.COMBINE, group, root(group, choice), values(spec, rank, seed))));
    for (int rank = 0; rank < mesh.ranks(); rank++) {
      int root = root(mesh.groupOf(rank), choice);
      assertEquals(List.of(values(spec, root, seed)), results.get(rank));
    }
  }

  /** Otherwise the law of allReduce would say nothing about the order. */
  @Test
  void theValuesSummedHereCancelSoThatTheOrderShows() {
    Spec spec = rows(4, 8);
    PlainTensor forwards = sumInOrder(new Group("up", List.of(0, 1, 2, 3)), spec, 7);
    PlainTensor backwards = sumInOrder(new Group("down", List.of(3, 2, 1, 0)), spec, 7);
    assertNotEquals(forwards, backwards);
  }

  @Provide
  Arbitrary<Mesh> meshes() {
    return Arbitraries.of(1, 2, 3, 4, 8)
        .flatMap(
            ranks ->
                Arbitraries.integers()
                    .between(1, ranks)
                    .flatMap(
                        size -> Arbitraries.randoms().map(random -> deal(ranks, size, random))));
  }

  /** Shuffled ranks in groups of {@code size}, the last with what is left. */
  private static Mesh deal(int ranks, int size, Random random) {
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, ranks).boxed().toList());
    Collections.shuffle(shuffled, random);
    List<Group> groups = new ArrayList<>();
    for (int from = 0; from < ranks; from += size) {
      groups.add(
          new Group("group[" + from + "]", shuffled.subList(from, Math.min(ranks, from + size))));
    }
    return new Mesh(ranks, List.copyOf(groups));
  }

  private static int root(Group group, int choice) {
    return group.ranks().get(choice % group.size());
  }

  private static Spec heads(int batch, int heads, int headDim) {
    return Spec.of(
        DType.BF16,
        new Dim(Axis.BATCH, batch),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, headDim));
  }

  private static Spec stats(int heads, int batch) {
    return Spec.of(DType.F32, Axis.HEADS, heads, Axis.BATCH, batch);
  }

  private static Spec stacked(int shards, int hidden) {
    return Spec.of(DType.F64, Axis.SHARDS, shards, Axis.HIDDEN, hidden);
  }

  private static Spec rows(int batch, int hidden) {
    return Spec.of(DType.F64, Axis.BATCH, batch, Axis.HIDDEN, hidden);
  }

  /** Any bits at all: signed zeros, subnormals, infinities, NaNs with payloads. */
  private static PlainTensor values(Spec spec, int rank, long seed) {
    Random random = new Random(seed * 31 + rank);
    return filled(spec, rank, () -> Double.longBitsToDouble(random.nextLong()));
  }

  /** Numbers of far different sizes and both signs, whose sum depends on the order. */
  private static PlainTensor cancelling(Spec spec, int rank, long seed) {
    Random random = new Random(seed * 31 + rank);
    return filled(spec, rank, () -> Math.scalb(random.nextDouble() - 0.5, 53 * random.nextInt(3)));
  }

  private static PlainTensor filled(Spec spec, int rank, DoubleSupplier supplier) {
    double[] values = new double[Math.toIntExact(spec.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = supplier.getAsDouble();
    }
    return new PlainTensor(spec, rank, values);
  }

  private static PlainTensor sumInOrder(Group group, Spec spec, long seed) {
    double[] sum = cancelling(spec, group.ranks().get(0), seed).values();
    for (int rank : group.ranks().subList(1, group.size())) {
      PlainTensor term = cancelling(spec, rank, seed);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += term.value(i);
      }
    }
    return new PlainTensor(spec, 0, sum);
  }

  /** By index arithmetic of its own, not the wire's. */
  private static PlainTensor slice(PlainTensor whole, Axis axis, int from, int count) {
    Spec spec = whole.spec();
    int inner = spec.inner(axis);
    int size = spec.size(axis);
    double[] values =
        IntStream.range(0, Math.toIntExact(spec.elements()))
            .filter(i -> i / inner % size >= from && i / inner % size < from + count)
            .mapToDouble(whole::value)
            .toArray();
    return new PlainTensor(spec.resized(axis, count), whole.owner(), values);
  }

  private static PlainTensor stack(List<PlainTensor> parts) {
    double[] values =
        parts.stream().flatMapToDouble(part -> Arrays.stream(part.values())).toArray();
    Spec spec = parts.get(0).spec().stacked(Axis.SHARDS, parts.size());
    return new PlainTensor(spec, 0, values);
  }
}
