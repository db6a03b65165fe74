package dev.helix.runtime.cli.verify;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.cli.option.ConventionName;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say of a dump what its files do not. */
final class FactOptions {
  private static final Set<ElementType> HELD_BY_BF16 =
      EnumSet.of(ElementType.BF16, ElementType.F8_E4M3, ElementType.F8_E5M2);

  private static final Set<Role> ENTRIES =
      EnumSet.of(Role.LATENT_ENTRIES, Role.KEY_ENTRIES, Role.VALUE_ENTRIES);
  private static final Set<Role> LENGTHS = EnumSet.of(Role.LOCAL_LENGTHS, Role.LAST_PAGE_LENGTHS);
  private static final Set<Role> QUERIES = EnumSet.of(Role.QUERY, Role.QUERY_LATENT);
  private static final Set<Role> LSES =
      EnumSet.of(
          Role.LSE,
          Role.STATISTICS,
          Role.SENT_LSE,
          Role.SENT_STATISTICS,
          Role.RECEIVED_LSE,
          Role.RECEIVED_STATISTICS);
  private static final String[] OF_PLACEMENT = {
    "--placement", "--run-length", "--start-phase", "--prompts"
  };
  private static final String[] OF_ATTENTION = {
    "--scale", "--soft-cap", "--window", "--longest-sum"
  };

  @Option(
      names = "--convention",
      paramLabel = "NAME",
      description =
          "The convention of the partial states: "
              + ConventionName.SYSTEMS
              + " (default: formats that the numbers have, −∞, +∞ or NaN where there are no"
              + " tokens, and a merge that may round as any of these does).")
  private Optional<String> convention;

  @Option(
      names = "--lse-base",
      paramLabel = "e|2",
      converter = Base.class,
      description =
          "The base of log-sum-exps (default: the convention's, or the one that fits the partial"
              + " attention).")
  private Optional<LogBase> base;

  @Option(
      names = "--kvp",
      paramLabel = "N",
      description = "Number of ranks of a KVP group (default: all ranks of the dump).")
  private Optional<Integer> kvp;

  @Option(
      names = "--placement",
      paramLabel = "RULE",
      converter = RuleWords.class,
      defaultValue = "round-robin",
      description =
          "Which rank keeps which token: round-robin in runs, contiguous parts, or"
              + " from-first-generated, where blocks of the prompt are dealt in turn and generated"
              + " tokens are counted from the first of them (default: ${DEFAULT-VALUE}).")
  private GivenFacts.Rule rule;

  @Option(
      names = "--run-length",
      paramLabel = "I",
      description =
          "Number of consecutive tokens that one rank keeps before it is the next one's" + " turn.")
  private Optional<Integer> runLength;

  @Option(
      names = "--start-phase",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "The place of the first token in its round of KVP runs (default: ${DEFAULT-VALUE}).")
  private int phase;

  @Option(
      names = "--prompts",
      paramLabel = "P,P…",
      split = ",",
      description = "The length of each request's prompt, for --placement from-first-generated.")
  private List<Integer> prompts = List.of();

  @Option(
      names = "--lengths",
      paramLabel = "S,S…",
      split = ",",
      description =
          "Number of tokens of each request over all ranks (default: as dumped, or the sum of the"
              + " local lengths).")
  private List<Integer> lengths = List.of();

  @Option(
      names = "--scale",
      paramLabel = "X",
      description =
          "The softmax scale (default: as dumped, or 1/√d for queries of d components, which"
              + " convicts nobody if another scale explains all).")
  private Optional<Double> scale;

  @Option(
      names = "--soft-cap",
      paramLabel = "C",
      description = "The soft cap c of scores, s = c·tanh(s/c) (default: none).")
  private Optional<Double> softCap;

  @Option(
      names = "--window",
      paramLabel = "W",
      description = "How many positions a query sees, its own included (default: all).")
  private Optional<Integer> window;

  @Option(
      names = "--kv-read",
      paramLabel = "exact|bf16",
      converter = ReadAs.class,
      description =
          "Whether a kernel uses number times scale of a quantised cache exactly or rounds it to"
              + " BF16 first (default: what fits the partial attention).")
  private Optional<DType> readAs;

  @Option(
      names = "--longest-sum",
      paramLabel = "N",
      description =
          "The most additions that a number passes in a kernel's sums over tokens, as splits and"
              + " tiles make it. Bounds of long contexts are as sharp as this number is small"
              + " (default: as many as there are tokens).")
  private Optional<Integer> longestSum;

  /** What was given. */
  GivenFacts facts() {
    Optional<Convention> named = convention.map(ConventionName::ofSystem);
    kvp.ifPresent(given -> GivenNumber.requireAtLeast("--kvp", given, 1));
    runLength.ifPresent(given -> GivenNumber.requireAtLeast("--run-length", given, 1));
    longestSum.ifPresent(given -> GivenNumber.requireAtLeast("--longest-sum", given, 1));
    GivenNumber.requireAtLeast("--start-phase", phase, 0);
    window.ifPresent(given -> GivenNumber.requireAtLeast("--window", given, 1));
    prompts.forEach(given -> GivenNumber.requireAtLeast("--prompts", given, 1));
    lengths.forEach(given -> GivenNumber.requireAtLeast("--lengths", given, 1));
    scale.ifPresent(given -> GivenNumber.requirePositive("--scale", given, "a positive number"));
    softCap.ifPresent(
        given -> GivenNumber.requirePositive("--soft-cap", given, "a positive number"));
    return new GivenFacts(
        new GivenFacts.Sharding(
            GivenNumber.whole(kvp), rule, GivenNumber.whole(runLength), phase, prompts),
        new GivenFacts.Scores(
            GivenNumber.real(scale), GivenNumber.real(softCap), GivenNumber.whole(window)),
        new GivenFacts.Forms(named, base, GivenNumber.whole(longestSum), readAs),
        lengths.isEmpty() ? Optional.empty() : Optional.of(lengths));
  }

  /** Refuses options that others make useless, whatever the dump is. */
  void refuseWithoutEffect(GivenOptions given) {
    if (rule != GivenFacts.Rule.FROM_FIRST_GENERATED) {
      given.refuse("without --placement from-first-generated", "--prompts");
    } else if (runLength.isEmpty()) {
      given.refuse("without --run-length", "--placement");
    }
    if (rule != GivenFacts.Rule.ROUND_ROBIN) {
      given.refuse("with --placement " + rule, "--start-phase");
    } else if (runLength.isEmpty()) {
      given.refuse("without --run-length", "--start-phase");
    }
    if (rule == GivenFacts.Rule.CONTIGUOUS) {
      given.refuse("with --placement " + rule, "--run-length");
    }
  }

  /**
   * Refuses options that have no effect on a dump.
   *
   * @param kvpOfDump number of ranks of a KVP group
   */
  void requireEffect(GivenOptions given, Dump dump, int kvpOfDump) {
    if (kvpOfDump == 1) {
      given.refuse("with KVP 1, where one rank keeps every token", OF_PLACEMENT);
    }
    boolean caches = has(dump, role -> role.isCache() || ENTRIES.contains(role));
    if (!caches && !has(dump, LENGTHS::contains)) {
      given.refuse("on a dump without caches and local lengths", OF_PLACEMENT);
    }
    if (!caches || !has(dump, QUERIES::contains)) {
      given.refuse("on a dump without queries, keys and values", OF_ATTENTION);
    }
    if (!has(dump, LSES::contains)) {
      given.refuse("on a dump without LSEs", "--lse-base");
    }
  }

  private static boolean has(Dump dump, Predicate<Role> role) {
    return dump.tensors().stream().anyMatch(tensor -> role.test(tensor.role()));
  }

  /** Refuses what the ranks of a dump contradict. */
  void requireRanks(Dump dump) {
    kvp.filter(given -> dump.ranks() % given != 0)
        .ifPresent(
            given -> {
              throw new InvalidInputException(
                  "--kvp: expected a divisor of the dump's %d ranks, got %d"
                      .formatted(dump.ranks(), given));
            });
  }

  /** Refuses what has no effect on a step that was read. */
  void requireEffect(ShardedStep step, Dump dump) {
    runLength.ifPresent(
        length -> {
          long round = (long) step.facts().shape().kvp() * length;
          GivenNumber.requireIndex(
              "--start-phase", phase, (int) Math.min(round, Integer.MAX_VALUE));
        });
    boolean changed =
        !step.facts().forms().cache().areOne()
            || dump.tensors().stream().anyMatch(FactOptions::isChangedByBf16);
    if (readAs.isPresent() && !changed) {
      throw new InvalidInputException(
          "--kv-read: has no effect on a cache without scales whose numbers BF16 holds");
    }
  }

  /** Whether the numbers of a cache may be other ones after they are rounded to BF16. */
  private static boolean isChangedByBf16(DumpTensor tensor) {
    return ENTRIES.contains(tensor.role())
        || (tensor.role().isCache() && !HELD_BY_BF16.contains(tensor.data().type()));
  }

  /** The words of bases. */
  static final class Base implements ITypeConverter<LogBase> {
    @Override
    public LogBase convert(String word) {
      return switch (word) {
        case "e" -> LogBase.E;
        case "2" -> LogBase.TWO;
        default -> throw new TypeConversionException("expected e or 2, got '" + word + "'");
      };
    }
  }

  /** The words of readings of a quantised cache. */
  static final class ReadAs implements ITypeConverter<DType> {
    @Override
    public DType convert(String word) {
      return switch (word) {
        case "exact" -> DType.F64;
        case "bf16" -> DType.BF16;
        default -> throw new TypeConversionException("expected exact or bf16, got '" + word + "'");
      };
    }
  }

  /** The words of rules of placement. */
  static final class RuleWords extends OneOf<GivenFacts.Rule> {
    RuleWords() {
      super(List.of(GivenFacts.Rule.values()));
    }
  }
}
