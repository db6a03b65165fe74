package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Judges the exchange, which moves numbers and computes none: every received number has the bits of
 * one that was sent.
 */
public final class ExchangeJudge implements Judge {
  /** What is right: every part comes from the rank that computed it. */
  static final Route STRAIGHT =
      (receiver, sender, token, head) -> new Sent(sender, token, receiver, head);

  private final ShardedStep step;
  private final StepShape shape;

  /** Creates the judge. */
  public ExchangeJudge(ShardedStep step) {
    this.step = step;
    this.shape = step.facts().shape();
  }

  @Override
  public Stage stage() {
    return Stage.EXCHANGE;
  }

  @Override
  public Optional<String> lacking() {
    boolean outputs = step.has(StepTensor.RECEIVED_OUTPUT) && step.has(StepTensor.PARTIAL_OUTPUT);
    boolean lses = step.has(StepTensor.RECEIVED_LSE) && step.has(StepTensor.PARTIAL_LSE);
    return outputs || lses ? Optional.empty() : Optional.of("what ranks sent and received");
  }

  @Override
  public void compare(Scope scope, Tally tally) {
    compare(scope, new Parts(STRAIGHT, STRAIGHT, sender -> true), tally);
  }

  @Override
  public List<Suspect> suspects() {
    return new ExchangeSuspects(step, this).all();
  }

  /**
   * The parts that are compared.
   *
   * @param lses where each log-sum-exp comes from
   * @param outputs where each output comes from
   * @param heard the senders whose parts are compared
   */
  record Parts(Route lses, Route outputs, IntPredicate heard) {}

  /** Compares what was received with what was sent. */
  void compare(Scope scope, Parts parts, Tally tally) {
    int own = shape.ownHeads();
    int tokens = step.facts().tokens().size();
    for (RankStep receiver : step.ranks()) {
      for (int at = 0; at < shape.kvp() * tokens * own && scope.hasRank(receiver.rank()); at++) {
        int sender = at / (tokens * own);
        int token = at / own % tokens;
        int head = at % own;
        if (scope.hasToken(token) && parts.heard.test(sender)) {
          Place place = new Place(receiver.rank(), token, receiver.rank() * own + head);
          equal(
              StepTensor.RECEIVED_LSE,
              at,
              parts.lses.of(receiver.rank(), sender, token, head),
              place,
              tally);
          equal(
              StepTensor.RECEIVED_OUTPUT,
              at,
              parts.outputs.of(receiver.rank(), sender, token, head),
              place,
              tally);
        }
      }
    }
  }

  private void equal(StepTensor received, int at, Sent from, Place place, Tally tally) {
    boolean isLse = received == StepTensor.RECEIVED_LSE;
    StepTensor sent = isLse ? StepTensor.PARTIAL_LSE : StepTensor.PARTIAL_OUTPUT;
    RankStep receiver = step.ranks().get(place.rank());
    RankStep sender = step.ranks().get(from.sender);
    if (!receiver.has(received) || !sender.has(sent)) {
      return;
    }
    int row = from.token * shape.heads() + from.receiver * shape.ownHeads() + from.head;
    int size = isLse ? 1 : shape.valueDim();
    for (int i = 0; i < size; i++) {
      double got = receiver.get(received)[at * size + i];
      double right = sender.get(sent)[row * size + i];
      String what = isLse ? "received LSE" : "received output[" + i + "]";
      tally.add(
          new Element(
              place,
              what + " of rank " + at / (shape.ownHeads() * step.facts().tokens().size()),
              got,
              right,
              0));
    }
  }

  /**
   * Where a received number was sent from.
   *
   * @param receiver the rank for whose heads it was sent
   * @param head index among the receiver's heads
   */
  record Sent(int sender, int token, int receiver, int head) {}

  /** Says where the number at a place of the received tensor comes from. */
  interface Route {
    Sent of(int receiver, int sender, int token, int head);
  }
}
