package dev.helix.laws.strategy;

import dev.helix.laws.Law;
import dev.helix.laws.Trial;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.verify.Comparison;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.RoutingCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.tensor.DType;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.trace.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The trial of one law of decodes under strategies, against one implementation, on one case. */
final class StrategyTrial<T extends Tensor> extends Trial {
  private final StrategyVariant<T> subject;
  private final StrategyCase given;

  StrategyTrial(Law law, StrategyVariant<T> subject, StrategyCase given) {
    super(law);
    this.subject = subject;
    this.given = given;
  }

  @Override
  protected String input() {
    return given.toString();
  }

  @Override
  protected void hold() {
    switch (law()) {
      case STRATEGY_PLACEMENT -> placement();
      case STRATEGY_ATTENTION -> parts(StrategyTrial::isAttention);
      case STRATEGY_PROJECTIONS -> parts(comparison -> !isAttention(comparison));
      case STRATEGY_ROUTING -> routing();
      case STRATEGY_CACHE -> cache();
      case STRATEGY_RANKS_AGREE -> ranksAgree();
      case STRATEGY_EXCHANGES -> exchanges();
      case STRATEGY_RELABELLED -> relabelled();
      case STRATEGY_SAME_PROGRAM -> sameProgram();
      case STRATEGY_ONE_DIGEST -> oneDigest();
      default -> throw new IllegalArgumentException(law() + " is not a law of strategies");
    }
  }

  private StrategyRun run(StrategyCase of) {
    called();
    return subject.runs().of(of);
  }

  private void placement() {
    called();
    Optional<String> fault = new HoldingsCheck(subject.runs().plan(given)).fault();
    require(fault.isEmpty(), fault::orElseThrow);
  }

  private static boolean isAttention(Comparison comparison) {
    return comparison.place().quantity() == Quantity.ATTENTION_OUTPUT;
  }

  /** Each part starts from the hidden state that the ranks themselves had there. */
  private void parts(Predicate<Comparison> which) {
    compared(run(given).verification(), which);
  }

  private void compared(Verification found, Predicate<Comparison> which) {
    for (Comparison comparison : found.comparisons()) {
      if (which.test(comparison)) {
        String where = comparison.place() + " (" + comparison.what() + ")";
        require(comparison.report().passed(), () -> where + ": " + comparison.report());
        // Held already; what is left to be kept is the share.
        within("the share of the bound", where, DType.F64, 0, comparison.report().worstShare(), 1);
      }
    }
  }

  private void routing() {
    StrategyRun run = run(given);
    int tokens =
        run.result().requests().stream().mapToInt(request -> request.cached().size()).sum();
    for (RoutingCheck.Layer layer : run.verification().routing().layers()) {
      int told = layer.same() + layer.nearTies() + layer.contradicted();
      require(
          told == tokens,
          () -> "layer %d routed %d of %d tokens".formatted(layer.layer(), told, tokens));
      require(
          layer.contradicted() == 0,
          () ->
              "layer %d sent %d tokens to experts that rounding does not explain"
                  .formatted(layer.layer(), layer.contradicted()));
    }
  }

  /** The baseline judges each stored bit by its own keys and values. */
  private void cache() {
    List<String> problems = run(given).verification().problems();
    require(problems.isEmpty(), () -> problems.get(0));
  }

  private void ranksAgree() {
    Optional<String> difference = run(given).result().rankDifference();
    require(difference.isEmpty(), difference::orElseThrow);
  }

  private void exchanges() {
    called();
    Optional<String> fault =
        new StrategyExchanges<>(subject, subject.strategy(given.strategy()), given.model().seed())
            .fault();
    require(fault.isEmpty(), fault::orElseThrow);
  }

  /**
   * Requests change their numbers, and so their ranks, groups and micro-batches: nothing changes
   * but rounding, in bits nothing.
   */
  private void relabelled() {
    List<DecodeRequest> turned = new ArrayList<>(given.requests());
    Collections.rotate(turned, 1);
    StrategyCase other = given.with(turned);
    if (!subject.inBits()) {
      compared(run(other).verification(), comparison -> true);
      return;
    }
    List<DecodeResult.Request> before = run(given).result().requests();
    List<DecodeResult.Request> after = new ArrayList<>(run(other).result().requests());
    Collections.rotate(after, -1);
    sameBits("the requests before", before, after);
  }

  private void sameBits(
      String of, List<DecodeResult.Request> expected, List<DecodeResult.Request> got) {
    require(
        expected.size() == got.size(),
        () -> "%d requests, not %d".formatted(got.size(), expected.size()));
    for (int request = 0; request < expected.size(); request++) {
      List<double[]> ones = expected.get(request).logits();
      List<double[]> others = got.get(request).logits();
      for (int token = 0; token < ones.size(); token++) {
        for (int word = 0; word < ones.get(token).length; word++) {
          double one = ones.get(token)[word];
          double other = others.get(token)[word];
          String where = "request %d, new token %d, word %d".formatted(request, token, word);
          require(
              Double.doubleToRawLongBits(one) == Double.doubleToRawLongBits(other),
              () ->
                  "the logits have other bits than those of %s: %s: %s, not %s"
                      .formatted(of, where, other, one));
        }
      }
    }
  }

  /** The same launches in the trace, and the same bits of the run. */
  private void sameProgram() {
    for (SameProgram.Pair pair : SameProgram.of(given)) {
      StrategyRun one = run(given.with(pair.one()));
      StrategyRun other = run(given.with(pair.other()));
      String of = "%s (%s)".formatted(pair.one(), pair.why());
      sameBits(of, one.result().requests(), other.result().requests());
      sameLaunches(of, one.launches(), other.launches());
    }
  }

  private void sameLaunches(String of, List<Operation> expected, List<Operation> got) {
    require(
        expected.size() == got.size(),
        () -> "%d launches, and %d of %s".formatted(got.size(), expected.size(), of));
    for (int launch = 0; launch < expected.size(); launch++) {
      Operation one = expected.get(launch);
      Operation other = got.get(launch);
      require(one.equals(other), () -> "%s is launched, and by %s %s".formatted(other, of, one));
    }
  }

  private void oneDigest() {
    StrategyRun run = run(given);
    Optional<String> difference =
        DefinitionCheck.firstDifference(run.plan().checkpoint(), run.plan().cache(), run.result());
    require(difference.isEmpty(), difference::orElseThrow);
  }
}
