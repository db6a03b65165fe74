package dev.helix.runtime.sharded.stages;

import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges the exchange, which moves numbers and computes none: every received number has the bits of
 * one that was sent.
 */
public final class ExchangeJudge implements Judge {
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
  public Tally compare(Scope scope) {
    return compare(
        scope, (receiver, sender, token, head) -> new Sent(sender, token, receiver, head));
  }

  @Override
  public List<Suspect> suspects() {
    int kvp = shape.kvp();
    int tokens = step.facts().tokens().size();
    int own = shape.ownHeads();
    List<Suspect> all = new ArrayList<>();
    all.add(
        suspect(
            "parts in the reverse order of ranks", (r, s, t, h) -> new Sent(kvp - 1 - s, t, r, h)));
    all.add(
        suspect(
            "blocks of senders read as if query tokens came first",
            (r, s, t, h) -> {
              int block = t * kvp + s;
              return new Sent(block / tokens, block % tokens, r, h);
            }));
    all.add(
        suspect(
            "parts in an order of ranks that begins with the receiver",
            (r, s, t, h) -> new Sent((r + s) % kvp, t, r, h)));
    all.add(
        suspect(
            "each rank kept its own states, as without an exchange",
            (r, s, t, h) -> new Sent(r, t, s, h)));
    all.add(suspect("heads of the next rank", (r, s, t, h) -> new Sent(s, t, (r + 1) % kvp, h)));
    all.add(
        suspect(
            "heads of the rank before", (r, s, t, h) -> new Sent(s, t, (r + kvp - 1) % kvp, h)));
    all.add(
        suspect(
            "[tokens, heads] as [heads, tokens]",
            (r, s, t, h) -> {
              int at = t * own + h;
              return new Sent(s, at % tokens, r, at / tokens);
            }));
    all.add(
        suspect(
            "heads dealt in turn, not in runs",
            (r, s, t, h) -> {
              int head = h * kvp + r;
              return new Sent(s, t, head / own, head % own);
            }));
    return List.copyOf(all);
  }

  private Suspect suspect(String name, Route route) {
    return new Suspect(name, scope -> compare(scope, route));
  }

  private Tally compare(Scope scope, Route route) {
    Tally tally = new Tally();
    for (RankStep receiver : step.ranks()) {
      if (scope.hasRank(receiver.rank())) {
        compare(receiver, scope, route, tally);
      }
    }
    return tally;
  }

  private void compare(RankStep receiver, Scope scope, Route route, Tally tally) {
    int own = shape.ownHeads();
    int tokens = step.facts().tokens().size();
    for (int at = 0; at < shape.kvp() * tokens * own; at++) {
      int sender = at / (tokens * own);
      int token = at / own % tokens;
      int head = at % own;
      if (!scope.hasToken(token)) {
        continue;
      }
      Sent sent = route.of(receiver.rank(), sender, token, head);
      RankStep from = step.ranks().get(sent.sender);
      int row = sent.token * shape.heads() + sent.receiver * own + sent.head;
      Place place = new Place(receiver.rank(), token, receiver.rank() * own + head);
      equal(receiver, StepTensor.RECEIVED_LSE, at, from, StepTensor.PARTIAL_LSE, row, place, tally);
      equal(
          receiver,
          StepTensor.RECEIVED_OUTPUT,
          at,
          from,
          StepTensor.PARTIAL_OUTPUT,
          row,
          place,
          tally);
    }
  }

  private void equal(
      RankStep receiver,
      StepTensor received,
      int at,
      RankStep sender,
      StepTensor sent,
      int row,
      Place place,
      Tally tally) {
    if (!receiver.has(received) || !sender.has(sent)) {
      return;
    }
    int size = sent == StepTensor.PARTIAL_LSE ? 1 : shape.valueDim();
    for (int i = 0; i < size; i++) {
      double got = receiver.get(received)[at * size + i];
      double right = sender.get(sent)[row * size + i];
      String what = size == 1 ? "received LSE" : "received output[" + i + "]";
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
  private record Sent(int sender, int token, int receiver, int head) {}

  /** Says where the number at a place of the received tensor comes from. */
  private interface Route {
    Sent of(int receiver, int sender, int token, int head);
  }
}
