package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.sharded.CacheScales;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/** Reads the steps of a dump, one for each decode step, layer and KVP group. */
public final class DumpedSteps {
  private final Dump dump;
  private final GivenFacts given;
  private final List<String> stated;
  private final Watch watch;

  /** Is told how far the reading of caches has come. */
  @FunctionalInterface
  public interface Watch {
    /**
     * Begins the reading of all that a step's query tokens see.
     *
     * @return is told how many tokens were read
     */
    LongConsumer begin(ShardedStep step);
  }

  /** Reads a dump, which must stay open as long as its steps are judged. */
  public DumpedSteps(Dump dump, GivenFacts given) {
    this(dump, given, step -> read -> {});
  }

  /**
   * Reads a dump, which must stay open as long as its steps are judged.
   *
   * @param watch follows the reading of caches, to find out facts and to judge
   */
  public DumpedSteps(Dump dump, GivenFacts given, Watch watch) {
    StatedFacts facts = new StatedFacts(given, dump.facts());
    this.dump = dump;
    this.given = facts.all();
    this.stated = facts.remarks();
    this.watch = watch;
  }

  /** The number of ranks of a KVP group. */
  public int kvp() {
    int kvp = given.sharding().kvp().orElse(dump.ranks());
    if (kvp < 1 || dump.ranks() % kvp != 0) {
      throw new InvalidInputException(
          "KVP: expected a divisor of the dump's %d ranks, got %d".formatted(dump.ranks(), kvp));
    }
    return kvp;
  }

  /** The steps in the order of decode steps, layers and ranks. */
  public List<Moment> moments() {
    return dump.moments();
  }

  /** The first ranks of the KVP groups. */
  public List<Integer> groups() {
    List<Integer> first = new ArrayList<>();
    for (int rank = 0; rank < dump.ranks(); rank += kvp()) {
      first.add(rank);
    }
    return first;
  }

  /**
   * Reads one step.
   *
   * @param firstRank the rank that is the first of its group
   * @throws InvalidInputException naming the tensor or the option, if the dump and what is given
   *     contradict each other
   */
  public DumpedStep step(Moment moment, int firstRank) {
    return new Reading(moment, firstRank).step();
  }

  /** The reading of one step. */
  private final class Reading {
    private final Moment moment;
    private final int firstRank;
    private final int kvp = kvp();
    private final List<String> remarks = new ArrayList<>(stated);
    private final Map<Stage, String> unknown = new EnumMap<>(Stage.class);

    Reading(Moment moment, int firstRank) {
      this.moment = moment;
      this.firstRank = firstRank;
    }

    DumpedStep step() {
      List<RankStep> ranks = new ArrayList<>();
      StatisticsReading statistics = new StatisticsReading(given.forms());
      for (int index = 0; index < kvp; index++) {
        ranks.add(new GroupReading(rank(index), index, kvp, statistics).read());
      }
      GroupReading first = new GroupReading(rank(0), 0, kvp, statistics);
      StepShape shape = shape(first);
      int tokens = first.tokens().orElseThrow(() -> lacking("query tokens"));
      ranks = ranks.stream().map(rank -> ownHeads(rank, shape, tokens)).toList();
      OwnerFacts owners = new OwnerFacts(given, ranks, lengths(), shape.kvp());
      TokenFacts queries = new TokenFacts(rank(0), owners.lengths(tokens), tokens);
      given.lengths().ifPresent(list -> queries.requireRequests(list.size()));
      remarks.addAll(statistics.contradictions(rank(0)));
      remarks.addAll(new QueryFacts(ranks, shape, firstRank).remarks());
      remarks.addAll(owners.remarks(rank(0).integers(Role.GLOBAL_LENGTHS)));
      remarks.addAll(wideQueries(ranks));
      unknown.putAll(owners.unknown());
      ScoreFacts scores = new ScoreFacts(given.scores(), dump.facts(), shape, rank(0));
      remarks.addAll(scores.remarks());
      if (given.forms().convention().isEmpty() && FormDetection.marks(ranks)) {
        remarks.add("LSEs of +∞ and NaN are taken for those of rows without tokens");
      }
      Convention convention = convention(ranks, DType.BF16);
      StepFacts facts =
          new StepFacts(
              shape, queries.tokens(), owners.owners(), scores.rule(), forms(convention, ranks));
      if (dump.ranks() > kvp) {
        unknown.put(Stage.PROJECTION, "a sum over one KVP group alone, since it has several");
      }
      if (owners.areAssumed() && needsPositions(facts)) {
        unknown.put(Stage.PARTIAL, OwnerFacts.PLACEMENT);
        unknown.put(Stage.WHOLE, OwnerFacts.PLACEMENT);
      }
      FoundFacts found = forms(new ShardedStep(facts, ranks));
      Convention narrow = convention(ranks, DType.F16);
      if (!narrow.equals(convention)) {
        StepFacts others = facts.with(forms(narrow, ranks));
        FoundFacts asF16 = forms(new ShardedStep(others, ranks));
        if (FormatInference.isF16(found, asF16)) {
          remarks.add(FormatInference.REMARK);
          found = asF16;
        }
      }
      if (scores.isScaleAssumed()) {
        found = new ScaleInference(given.forms(), found, this::forms).found();
      }
      remarks.addAll(found.remarks());
      return new DumpedStep(
          moment,
          firstRank,
          new FoundFacts(found.right(), remarks, found.unknown(), found.undecided()));
    }

    private FoundFacts forms(ShardedStep step) {
      return new FormInference(given.forms(), step, unknown, watch).found();
    }

    private RankReading rank(int index) {
      return new RankReading(dump, firstRank + index, moment);
    }

    private StepShape shape(GroupReading first) {
      int heads = first.heads().orElseThrow(() -> lacking("outputs or queries"));
      int valueDim = first.valueDim().orElseThrow(() -> lacking("outputs"));
      return new StepShape(
          heads,
          new CacheReading(rank(0)).kvHeads(),
          first.keyDim().orElse(valueDim),
          valueDim,
          kvp);
    }

    private InvalidInputException lacking(String what) {
      return new InvalidInputException(
          "dump: %s: expected %s on rank %d, got none".formatted(moment, what, firstRank));
    }

    /** Takes a rank's own heads where it has dumped those of all ranks. */
    private RankStep ownHeads(RankStep rank, StepShape shape, int tokens) {
      RankStep own = rank;
      for (StepTensor tensor : List.of(StepTensor.MERGED_OUTPUT, StepTensor.MERGED_LSE)) {
        int size = tensor == StepTensor.MERGED_LSE ? 1 : shape.valueDim();
        if (rank.has(tensor)
            && kvp > 1
            && rank.get(tensor).length == tokens * shape.heads() * size) {
          int width = shape.ownHeads() * size;
          double[] part = new double[tokens * width];
          for (int token = 0; token < tokens; token++) {
            System.arraycopy(
                rank.get(tensor),
                token * shape.heads() * size + rank.rank() * width,
                part,
                token * width,
                width);
          }
          own = own.with(tensor, part);
        }
      }
      return own;
    }

    private Optional<int[]> lengths() {
      return given
          .lengths()
          .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
          .or(() -> rank(0).integers(Role.GLOBAL_LENGTHS));
    }

    private StepFacts.Forms forms(Convention convention, List<RankStep> ranks) {
      return new StepFacts.Forms(kernel(convention, queries(ranks)), convention, scales());
    }

    /**
     * The convention in the formats of the dump.
     *
     * @param open the format of outputs that are numbers of BF16 and of FP16
     */
    private Convention convention(List<RankStep> ranks, DType open) {
      Optional<DType> partial = format(ranks, StepTensor.PARTIAL_OUTPUT, open);
      Optional<DType> answer =
          format(ranks, StepTensor.MERGED_OUTPUT, open).or(() -> queries(ranks)).or(() -> partial);
      Convention named = given.forms().convention().orElseGet(() -> FormDetection.unnamed(ranks));
      Convention found = FormDetection.inFormats(named, partial, answer);
      return given.forms().base().map(base -> found.with(found.weights().in(base))).orElse(found);
    }

    private KernelRoundings kernel(Convention convention, Optional<DType> queries) {
      KernelRoundings found = FormDetection.kernel(convention, queries);
      OptionalInt longest = given.forms().longestSum();
      return longest.isPresent() ? found.longestSum(longest.getAsInt()) : found;
    }

    private static Optional<DType> format(List<RankStep> ranks, StepTensor tensor, DType open) {
      double[] all = numbers(ranks, tensor);
      return FormDetection.isOpen(all) ? Optional.of(open) : FormDetection.of(all);
    }

    private static List<String> wideQueries(List<RankStep> ranks) {
      Optional<DType> outputs = format(ranks, StepTensor.PARTIAL_OUTPUT, DType.BF16);
      return queries(ranks).flatMap(format -> QueryFacts.wide(format, outputs)).stream().toList();
    }

    /**
     * The narrowest format of a rank's queries: others may have dumped theirs before a rounding.
     */
    private static Optional<DType> queries(List<RankStep> ranks) {
      return ranks.stream()
          .flatMap(rank -> FormDetection.of(numbers(List.of(rank), StepTensor.QUERY)).stream())
          .min(FormDetection.NARROW_FIRST);
    }

    private static double[] numbers(List<RankStep> ranks, StepTensor tensor) {
      return ranks.stream()
          .filter(rank -> rank.has(tensor))
          .flatMapToDouble(rank -> Arrays.stream(rank.get(tensor)))
          .toArray();
    }

    private CacheScales scales() {
      List<Double> keys = scales(Role.KEY_SCALE);
      List<Double> values = scales(Role.VALUE_SCALE);
      return new CacheScales(keys, values, given.forms().readAs().orElse(DType.F64));
    }

    private List<Double> scales(Role role) {
      return rank(0)
          .numbers(role, DumpAxis.KV_HEADS)
          .map(numbers -> Arrays.stream(numbers).boxed().toList())
          .orElse(List.of(1.0));
    }

    private boolean needsPositions(StepFacts facts) {
      return facts.scores().window().isPresent()
          || !facts.scores().alibiSlopes().isEmpty()
          || facts.tokens().size() > facts.owners().requests();
    }
  }
}
