package dev.helix.runtime.cli.verify;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.cli.option.ConventionName;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say of a dump what its files do not. */
final class FactOptions {
  @Option(
      names = "--convention",
      paramLabel = "NAME",
      description =
          "The convention of the partial states: "
              + ConventionName.SYSTEMS
              + " (default: formats that the numbers have, −∞ where there are no"
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
      description = "The softmax scale (default: as dumped, or 1/√d for queries of d components).")
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
    return new GivenFacts(
        new GivenFacts.Sharding(
            GivenNumber.whole(kvp), rule, GivenNumber.whole(runLength), phase, prompts),
        new GivenFacts.Scores(
            GivenNumber.real(scale), GivenNumber.real(softCap), GivenNumber.whole(window)),
        new GivenFacts.Forms(named, base, GivenNumber.whole(longestSum), readAs),
        lengths.isEmpty() ? Optional.empty() : Optional.of(lengths));
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
