package dev.helix.runtime.cli.verify;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.stages.MergedRow;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code helix explain}, which shows the merge of one row of a dump as numbers. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows the merge of one head of a dumped step as numbers, shard by shard, in double precision"
          + " and in the formats of the convention.",
      "The exit status is 0, or 2 if something that was given is wrong, or 3 if the command failed."
    })
public final class ExplainCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--dump",
      required = true,
      paramLabel = "DIR|FILE",
      description = "The files of the dump, or folders with them; may be given several times.")
  private List<String> paths;

  @Mixin private DumpArguments files;

  @Mixin private FactOptions facts;

  @Option(
      names = "--step",
      paramLabel = "N",
      description = "The decode step (default: the first of the dump).")
  private Optional<Integer> decodeStep;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "The layer (default: the first of the dump).")
  private Optional<Integer> layer;

  @Option(
      names = "--rank",
      paramLabel = "R",
      description =
          "Mark the line of this rank. It also says which KVP group is meant, if there are several"
              + " (default: the first group).")
  private Optional<Integer> rank;

  @Option(
      names = "--request",
      paramLabel = "B",
      defaultValue = "0",
      description = "Index of the request (default: ${DEFAULT-VALUE}).")
  private int request;

  @Option(
      names = "--token",
      paramLabel = "T",
      defaultValue = "0",
      description =
          "Which query token of the request, if a step has several of it (default:"
              + " ${DEFAULT-VALUE}).")
  private int token;

  @Option(
      names = "--head",
      paramLabel = "H",
      defaultValue = "0",
      description = "The query head, counted over the whole group (default: ${DEFAULT-VALUE}).")
  private int head;

  @Option(
      names = "--component",
      paramLabel = "C",
      description = "The component of the output (default: the largest of the merged output).")
  private Optional<Integer> component;

  /** Creates the command, which prints to the console. */
  public ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    GivenOptions given = new GivenOptions(spec);
    facts.refuseWithoutEffect(given);
    try (Dump dump = files.open(paths)) {
      facts.requireRanks(dump);
      DumpedSteps steps = new DumpedSteps(dump, facts.facts());
      facts.requireEffect(given, dump, steps.kvp());
      int marked = rank.orElse(0);
      GivenNumber.requireIndex("--rank", marked, dump.ranks());
      int firstRank = marked / steps.kvp() * steps.kvp();
      DumpedStep dumped = steps.step(moment(steps), firstRank);
      ShardedStep step = dumped.step();
      facts.requireEffect(step, dump);
      if (!MergedRow.isIn(step)) {
        throw new InvalidInputException(
            "dump: expected the partial outputs and LSEs of every rank, got none");
      }
      GivenNumber.requireIndex("--head", head, step.facts().shape().heads());
      GivenNumber.requireIndex("--request", request, step.facts().owners().requests());
      component.ifPresent(
          index -> GivenNumber.requireIndex("--component", index, step.facts().shape().valueDim()));
      int row = queryToken(step);
      dumped.remarks().forEach(console.out()::println);
      new RowText(dumped, row, head)
          .lines(rank.map(asked -> asked - firstRank).orElse(-1), component.orElse(-1))
          .forEach(console.out()::println);
    }
    return ExitStatus.DONE;
  }

  private Moment moment(DumpedSteps steps) {
    List<Moment> there = steps.moments();
    requireOneOf("--step", decodeStep, there.stream().map(Moment::step));
    List<Moment> inStep =
        there.stream()
            .filter(moment -> decodeStep.isEmpty() || decodeStep.get() == moment.step())
            .toList();
    requireOneOf("--layer", layer, inStep.stream().map(Moment::layer));
    return inStep.stream()
        .filter(moment -> layer.isEmpty() || layer.get() == moment.layer())
        .findFirst()
        .orElseThrow();
  }

  private static void requireOneOf(String option, Optional<Integer> given, Stream<Integer> dumped) {
    List<Integer> there = dumped.distinct().toList();
    if (given.isPresent() && !there.contains(given.get())) {
      throw new InvalidInputException(
          "%s: expected one of %s, as dumped, got %d".formatted(option, there, given.get()));
    }
  }

  private int queryToken(ShardedStep step) {
    int[] tokens = step.facts().queryTokens(request);
    GivenNumber.requireIndex("--token", token, tokens.length);
    return tokens[token];
  }
}
