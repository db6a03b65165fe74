package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Protocol;
import dev.helix.attention.convention.Roundings;
import dev.helix.runtime.sharded.CacheScales;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.stages.MergeJudge;
import dev.helix.runtime.sharded.stages.PartialJudge;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds out, from a few tokens' partial attention, in which base log-sum-exps are and how a kernel
 * reads a quantised cache, where neither is given. Where the partial attention cannot be judged,
 * the base stays unknown, and the stages that need it are not judged.
 */
final class FormInference {
  private static final int TOKENS = 4;
  private static final String BASE = "the base of LSEs: give --convention or --lse-base";

  private final GivenFacts.Forms given;
  private final ShardedStep step;
  private final Map<Stage, String> unknown = new EnumMap<>(Stage.class);
  private final List<String> remarks = new ArrayList<>();
  private final DumpedSteps.Watch watch;

  /** The true states for each way to read the cache, which do not depend on the base of LSEs. */
  private final Map<DType, RightStates> states = new EnumMap<>(DType.class);

  /**
   * Creates the inference.
   *
   * @param watch is told how many tokens of caches were read
   */
  FormInference(
      GivenFacts.Forms given,
      ShardedStep step,
      Map<Stage, String> unknown,
      DumpedSteps.Watch watch) {
    this.given = given;
    this.step = step;
    this.unknown.putAll(unknown);
    this.watch = watch;
  }

  /** The step in the forms that were found out. */
  FoundFacts found() {
    ShardedStep inferred = inferredByPartials();
    RightStates right =
        right(
            given.convention().isEmpty() && !unknown.containsKey(Stage.MERGE)
                ? inferredByMerge(inferred)
                : inferred);
    return new FoundFacts(right, remarks, unknown, Set.of());
  }

  private RightStates right(ShardedStep tried) {
    return states
        .computeIfAbsent(
            tried.facts().forms().cache().readAs(),
            format -> new RightStates(tried, Digits.DOUBLE, watch.begin(tried)))
        .under(tried);
  }

  /**
   * Takes the merge for one that scales and sums in the format of its answers, if it is wrong as
   * one that sums in FP32 and right as such. Serving systems have both.
   */
  private ShardedStep inferredByMerge(ShardedStep judged) {
    if (!new MergeJudge(judged).lacking().isEmpty() || holds(judged)) {
      return judged;
    }
    Optional<ShardedStep> narrow = inNarrowSums(judged).filter(this::holds);
    narrow.ifPresent(
        step ->
            remarks.add(
                "the merge is right as one that scales and sums in %s, as vllm-dcp-agrs does, and not as one"
                        .formatted(step.facts().forms().convention().formats().answer())
                    + " that sums in FP32"));
    return narrow.orElse(judged);
  }

  private boolean holds(ShardedStep judged) {
    return new MergeJudge(judged).compare(everything()).wrong() == 0;
  }

  /** Whether a merge is there and right, with its sums in either format. */
  private boolean holdsInEither(ShardedStep judged) {
    return new MergeJudge(judged).lacking().isEmpty()
        && (holds(judged) || inNarrowSums(judged).filter(this::holds).isPresent());
  }

  private static Optional<ShardedStep> inNarrowSums(ShardedStep judged) {
    Convention wide = judged.facts().forms().convention();
    DType narrow = wide.formats().answer();
    if (narrow != DType.BF16 && narrow != DType.F16) {
      return Optional.empty();
    }
    Roundings scaled =
        wide.roundings()
            .in(wide.formats().summedIn(narrow).withFactor(narrow))
            .under(Protocol.SCALE_AND_REDUCE);
    return Optional.of(in(judged, wide.with(scaled)));
  }

  private ShardedStep inferredByPartials() {
    boolean baseIsOpen = given.base().isEmpty() && given.convention().isEmpty();
    CacheScales scales = step.facts().forms().cache();
    boolean readingIsOpen = given.readAs().isEmpty() && !scales.areOne();
    if (!baseIsOpen && !readingIsOpen) {
      return step;
    }
    boolean judged =
        new PartialJudge(step, right(step)).lacking().isEmpty()
            && !unknown.containsKey(Stage.PARTIAL);
    if (!judged) {
      if (baseIsOpen) {
        unknown.put(Stage.MERGE, BASE);
      }
      return step;
    }
    List<LogBase> bases =
        baseIsOpen ? List.of(LogBase.E, LogBase.TWO) : List.of(convention().base());
    DType format = readingIsOpen ? reading(bases) : scales.readAs();
    return baseIsOpen ? inItsBase(format) : in(convention().base(), format);
  }

  /** How the kernel reads a quantised cache. */
  private DType reading(List<LogBase> bases) {
    long exact = mostWithin(bases, DType.F64, someTokens());
    long rounded = mostWithin(bases, DType.BF16, someTokens());
    if (exact == rounded) {
      // The first tokens may not tell what others do.
      exact = mostWithin(bases, DType.F64, everything());
      rounded = mostWithin(bases, DType.BF16, everything());
    }
    DType format = rounded > exact ? DType.BF16 : DType.F64;
    remarks.add(
        "numbers of the cache times their scale are %s, %s"
            .formatted(
                format == DType.BF16 ? "rounded to BF16" : "not rounded",
                exact == rounded
                    ? "or are rounded to BF16, which fits the partial attention no better"
                    : "which fits the partial attention best"));
    return format;
  }

  private ShardedStep inItsBase(DType format) {
    BaseInference inference =
        new BaseInference(
            in(LogBase.E, format),
            in(LogBase.TWO, format),
            tried -> new PartialJudge(tried, right(tried)),
            this::holdsInEither);
    Optional<BaseInference.Found> found = inference.found(someTokens(), everything());
    if (found.isEmpty()) {
      unknown.put(Stage.MERGE, BASE);
      remarks.add(
          "the base of LSEs is not known, since neither base e nor base 2 fits; faults are searched"
              + " for in base e");
      return in(LogBase.E, format);
    }
    remarks.add(found.get().sentence());
    return found.get().step();
  }

  private static ShardedStep in(ShardedStep step, Convention convention) {
    StepFacts.Forms forms = step.facts().forms();
    return step.under(
        step.facts().with(new StepFacts.Forms(forms.kernel(), convention, forms.cache())));
  }

  private Scope everything() {
    return new Scope(ranks(), Set.of());
  }

  private Set<Integer> ranks() {
    return IntStream.range(0, step.ranks().size()).boxed().collect(Collectors.toSet());
  }

  private Convention convention() {
    return step.facts().forms().convention();
  }

  private ShardedStep in(LogBase base, DType readAs) {
    StepFacts.Forms forms = step.facts().forms();
    Convention convention = convention();
    return step.under(
        step.facts()
            .with(
                new StepFacts.Forms(
                    forms.kernel(),
                    base == convention.base()
                        ? convention
                        : convention.with(convention.weights().in(base)),
                    forms.cache().readAs(readAs))));
  }

  private Scope someTokens() {
    int tokens = step.facts().tokens().size();
    return tokens <= TOKENS
        ? everything()
        : new Scope(ranks(), IntStream.range(0, TOKENS).boxed().collect(Collectors.toSet()));
  }

  private long mostWithin(List<LogBase> bases, DType format, Scope scope) {
    return bases.stream().mapToLong(base -> within(in(base, format), scope)).max().orElseThrow();
  }

  private long within(ShardedStep tried, Scope scope) {
    return new PartialJudge(tried, right(tried)).compare(scope).within();
  }
}
