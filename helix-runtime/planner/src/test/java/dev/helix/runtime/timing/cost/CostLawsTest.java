package dev.helix.runtime.timing.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionLaunch;
import dev.helix.runtime.timing.machine.Gpu;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.TransferCosts;
import dev.helix.runtime.timing.machine.TransferFamily;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds of the cost of one operation on every machine. */
class CostLawsTest {
  private static final String SEED = "271828";

  private static Machine machine(int preset) {
    return Machine.named("gb200", Machine.PRESETS.get(preset));
  }

  private static Launch gemm(int rows, int out, int in) {
    return launch(
        TensorLaunch.LINEAR,
        List.of(
            Spec.of(DType.BF16, Axis.BATCH, rows, Axis.HIDDEN, in),
            Spec.of(DType.FP4, Axis.INTERMEDIATE, out, Axis.HIDDEN, in)),
        Spec.of(DType.BF16, Axis.BATCH, rows, Axis.INTERMEDIATE, out),
        2L * rows * out * in);
  }

  private static Launch attention(LaunchKind kind, int rows, int tokens, int heads) {
    Spec queries =
        Spec.of(
            DType.BF16,
            new Dim(Axis.BATCH, rows),
            new Dim(Axis.HEADS, heads),
            new Dim(Axis.HEAD_DIM, 64));
    Spec cached =
        Spec.of(
            DType.FP4,
            new Dim(Axis.BATCH, rows),
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.SLOTS, tokens),
            new Dim(Axis.HEAD_DIM, 64));
    return launch(kind, List.of(queries, cached, cached), queries, 256L * rows * tokens * heads);
  }

  private static Launch launch(LaunchKind kind, List<Spec> reads, Spec write, long flops) {
    Work work = new Work(reads, List.of(write), flops, DType.FP4);
    return new Launch(0, kind, new Stated(Place.layer(0), Phase.FFN), work, List.of());
  }

  private static Transfer transfer(TransferKind kind, int group, int bytes) {
    return transfer(kind, Phase.ALL_REDUCE, group, Spec.of(DType.FP8, Axis.HIDDEN, bytes));
  }

  private static Transfer transfer(TransferKind kind, Phase phase, int ranks, Spec operand) {
    Group group = new Group("all", IntStream.range(0, ranks).boxed().toList());
    Transfer.Contribution brought = new Transfer.Contribution(group, List.of(operand));
    return new Transfer(0, kind, new Stated(Place.layer(0), phase), brought, List.of());
  }

  /** The same machine with everything that the hardware limits so many times as fast. */
  private static Machine faster(Machine machine, double times) {
    return new Machine(
        machine.gpu().faster(new Gpu.Speedup(times, times, times)), machine.preset());
  }

  @Property(seed = SEED, tries = 300)
  void fewerTokensAreNeverSlower(
      @ForAll @IntRange(max = 2) int preset,
      @ForAll @IntRange(min = 2, max = 256) int rows,
      @ForAll @IntRange(min = 2, max = 40_000) int tokens,
      @ForAll @IntRange(min = 1, max = 128) int heads,
      @ForAll @IntRange(min = 1, max = 20_000) int width) {
    CostModel costs = CostModel.inStep(machine(preset));
    for (LaunchKind kind :
        List.of(AttentionLaunch.FLASH_DECODE, AttentionLaunch.FLASH_DECODE_LATENT)) {
      double all = costs.of(attention(kind, rows, tokens, heads)).micros();
      assertTrue(
          costs.of(attention(kind, rows, tokens / 2, heads)).micros() <= all, kind.operation());
      assertTrue(
          costs.of(attention(kind, rows / 2, tokens, heads)).micros() <= all, kind.operation());
    }
    double all = costs.of(gemm(rows, width, heads)).micros();
    assertTrue(costs.of(gemm(rows / 2, width, heads)).micros() <= all, "linear");
  }

  @Property(seed = SEED, tries = 300)
  void moreBandwidthIsNeverSlowerAndNeverMoreThanInProportion(
      @ForAll @IntRange(max = 2) int preset,
      @ForAll @IntRange(min = 1, max = 256) int rows,
      @ForAll @IntRange(min = 1, max = 40_000) int size,
      @ForAll @IntRange(min = 11, max = 40) int tenths,
      @ForAll @IntRange(min = 1, max = 72) int group,
      @ForAll TransferKind kind) {
    Machine slow = machine(preset);
    double times = tenths / 10.0;
    CostModel before = CostModel.inStep(slow);
    CostModel after = CostModel.inStep(faster(slow, times));
    for (var operation :
        List.of(
            gemm(rows, size, 128),
            attention(AttentionLaunch.FLASH_DECODE, rows, size, 8),
            transfer(kind, group, rows * size))) {
      double one = before.of(operation).micros();
      double other = after.of(operation).micros();
      assertTrue(other <= one * (1 + 1e-12), operation.name());
      // Nor is the stream taken for longer, which would hold up the next operation.
      double busy = before.of(operation).busyMicros();
      assertTrue(after.of(operation).busyMicros() <= busy * (1 + 1e-12) + 1e-9, operation.name());
      assertTrue(other * times >= one * (1 - 1e-12), operation.name());
    }
  }

  @Property(seed = SEED, tries = 300)
  void allRanksTogetherSendWhatTheyReceive(
      @ForAll @IntRange(min = 2, max = 72) int group,
      @ForAll @IntRange(min = 1, max = 10_000) int block) {
    long whole = (long) block * group;
    // Received by one rank: of an all-to-all and a reduce-scatter a block from each other rank, of
    // a gather the whole part of each other; an all-reduce in two steps is the two in turn.
    long others = group - 1L;
    assertEquals(block * others, TransferModel.sent(TransferFamily.ALL_TO_ALL, group, whole));
    assertEquals(block * others, TransferModel.sent(TransferFamily.REDUCE_SCATTER, group, whole));
    assertEquals(block * others, TransferModel.sent(TransferFamily.ALL_GATHER, group, block));
    assertEquals(
        TransferModel.sent(TransferFamily.REDUCE_SCATTER, group, whole)
            + TransferModel.sent(TransferFamily.ALL_GATHER, group, block),
        TransferModel.sent(TransferFamily.TWO_SHOT_ALL_REDUCE, group, whole));
    assertEquals(
        whole * others, TransferModel.sent(TransferFamily.ONE_SHOT_ALL_REDUCE, group, whole));
  }

  @Test
  void aGroupOfOneHasNothingToExchange() {
    Cost cost = CostModel.inStep(machine(1)).of(transfer(TransferKind.ALL_REDUCE, 1, 1000));
    assertEquals(new Cost(0, 0, 0), cost);
  }

  @Test
  void anAllReduceTakesTheQuickestOfItsWays() {
    TransferModel silicon = new TransferModel(Machine.named("gb200", "silicon"));
    Transfer small = transfer(TransferKind.ALL_REDUCE, 64, 1 << 10);
    Transfer large = transfer(TransferKind.ALL_REDUCE, 64, 1 << 20);
    Transfer onBoard = transfer(TransferKind.ALL_REDUCE, 4, 1 << 26);
    assertQuicker(silicon.by(TransferFamily.ONE_SHOT_ALL_REDUCE, small), silicon.of(small));
    assertQuicker(silicon.by(TransferFamily.IN_SWITCH_ALL_REDUCE, large), silicon.of(large));
    assertQuicker(silicon.by(TransferFamily.TWO_SHOT_ALL_REDUCE, onBoard), silicon.of(onBoard));
  }

  private static void assertQuicker(Cost way, Cost chosen) {
    assertEquals(way.micros(), chosen.micros(), 1e-9);
    assertEquals(way.bytes(), chosen.bytes());
  }

  /** B = 8, KVP = 8: of Llama 16 query heads of 128 a rank; B = 8, KVP = 64: of R1 all heads. */
  @ParameterizedTest
  @CsvSource({"8, 16, 128, 28672", "64, 128, 512, 1032192"})
  void anAllToAllSendsItsBlocksToEveryPeer(int kvp, int heads, int width, long bytes) {
    Spec output =
        Spec.of(
            DType.BF16,
            new Dim(Axis.BATCH, 8),
            new Dim(Axis.HEADS, heads),
            new Dim(Axis.HEAD_DIM, width));
    Transfer transfer = transfer(TransferKind.ALL_TO_ALL, Phase.ALL_TO_ALL, kvp, output);
    assertEquals(bytes, new TransferModel(Machine.named("gb200", "silicon")).of(transfer).bytes());
  }

  /** What the program states decides, not how the rows travel. */
  @ParameterizedTest
  @CsvSource({"DISPATCH, DISPATCH", "COMBINE, COMBINE", "FFN, ALL_TO_ALL"})
  void rowsOnTheirWayToExpertsAndBackHaveCostsOfTheirOwn(Phase phase, TransferFamily family) {
    TransferModel silicon = new TransferModel(Machine.named("gb200", "silicon"));
    Spec rows = Spec.of(DType.BF16, Axis.BATCH, 64, Axis.HIDDEN, 7168);
    for (TransferKind kind : List.of(TransferKind.ALL_TO_ALL, TransferKind.ALL_TO_ALL_ROWS)) {
      Transfer transfer = transfer(kind, phase, 64, rows);
      assertEquals(silicon.by(family, transfer), silicon.of(transfer));
    }
  }

  /** Two ranks are a group of two also where several boards lie between them. */
  @ParameterizedTest
  @CsvSource({"0, 1, true", "3, 4, false", "0, 8, false", "8, 11, true"})
  void aStageHandsOnItsStateOnItsBoardOrBeyond(int from, int to, boolean onBoard) {
    Machine machine = Machine.named("gb200", "silicon");
    Spec state = Spec.of(DType.BF16, Axis.BATCH, 8, Axis.HIDDEN, 7168);
    Transfer transfer =
        new Transfer(
            0,
            TransferKind.POINT_TO_POINT,
            new Stated(Place.Outside.HEAD, Phase.PIPELINE),
            new Transfer.Contribution(new Group("stages", List.of(from, to)), List.of(state)),
            List.of());
    TransferModel model = new TransferModel(machine);
    TransferCosts costs = machine.preset().transfers().get(TransferFamily.BROADCAST);
    double ramp = Math.min(costs.rampCap().value(), state.bytes() / 1e6 * costs.rampTime().value());
    assertEquals(costs.latencyMicros(2, onBoard) + ramp, model.of(transfer).latencyMicros(), 1e-12);
    assertTrue(costs.latencyMicros(2, true) < costs.latencyMicros(2, false));
    assertEquals(state.bytes(), model.of(transfer).bytes());
  }

  /** The four members of a strided group are on four boards, and those of a packed one on one. */
  @Test
  void membersAndNotTheSizeOfAGroupSayWhetherItIsOnABoard() {
    TransferModel silicon = new TransferModel(Machine.named("gb200", "silicon"));
    Spec state = Spec.of(DType.BF16, Axis.BATCH, 8, Axis.HIDDEN, 7168);
    for (TransferKind kind : List.of(TransferKind.ALL_REDUCE, TransferKind.ALL_GATHER)) {
      double packed = silicon.of(among(kind, List.of(4, 5, 6, 7), state)).micros();
      double strided = silicon.of(among(kind, List.of(0, 16, 32, 48), state)).micros();
      assertTrue(packed < strided, kind + ": " + packed + " and " + strided);
    }
  }

  /**
   * 8 of 64 ranks take a block from each of the others, as under Medha. One of them takes 63 and
   * sends 7; the rest send 8. If all of a group take blocks, it is an all-to-all.
   */
  @Test
  void aGatherOfBlocksTakesTheTimeInWhichItsBlocksLeaveAndArrive() {
    Machine machine = Machine.named("gb200", "silicon");
    TransferModel model = new TransferModel(machine);
    Spec block = Spec.of(DType.BF16, Axis.BATCH, 64, Axis.HIDDEN, 8192);
    Cost taking = model.of(gather(64, new Transfer.Peers(7, 63), block));
    Cost giving = model.of(gather(64, new Transfer.Peers(8, 0), block));
    assertEquals(7 * block.bytes(), taking.bytes());
    assertEquals(8 * block.bytes(), giving.bytes());
    double link =
        machine.gpu().linkBytesPerMicro()
            * machine.preset().transfers().get(TransferFamily.ALL_TO_ALL).efficiency().value();
    assertEquals(63 * block.bytes() / link, taking.busyMicros(), 1e-12 * taking.busyMicros());
    assertEquals(8 * block.bytes() / link, giving.busyMicros(), 1e-12 * giving.busyMicros());

    Spec all = Spec.of(DType.BF16, Axis.BATCH, 64, Axis.HIDDEN, 4 * 8192);
    assertEquals(
        model.of(transfer(TransferKind.ALL_TO_ALL, Phase.ALL_TO_ALL, 4, all)),
        model.of(gather(4, new Transfer.Peers(3, 3), block)));
  }

  private static Transfer gather(int ranks, Transfer.Peers peers, Spec block) {
    Group group = new Group("kvp", IntStream.range(0, ranks).boxed().toList());
    return new Transfer(
        0,
        TransferKind.GATHER_BLOCKS,
        new Stated(Place.layer(0), Phase.ALL_TO_ALL),
        new Transfer.Contribution(group, List.of(block), peers),
        List.of());
  }

  private static Transfer among(TransferKind kind, List<Integer> ranks, Spec operand) {
    return new Transfer(
        0,
        kind,
        new Stated(Place.Outside.HEAD, Phase.ALL_REDUCE),
        new Transfer.Contribution(new Group("group", ranks), List.of(operand)),
        List.of());
  }

  @Test
  void theLastByteOfASmallMatrixIsNotReadAtTheSpeedOfALargeOne() {
    CostModel silicon = CostModel.inStep(Machine.named("gb200", "silicon"));
    double wide = silicon.of(gemm(1, 16_384, 2048)).micros();
    double deep = silicon.of(gemm(1, 2048, 16_384)).micros();
    assertTrue(deep > 1.5 * wide, deep + " against " + wide + " µs for as many bytes");
  }
}
