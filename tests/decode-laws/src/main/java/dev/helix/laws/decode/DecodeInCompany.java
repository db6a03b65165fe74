package dev.helix.laws.decode;

import dev.helix.attention.KvCache;
import dev.helix.attention.QueryToken;
import dev.helix.attention.SelfAttention;
import dev.helix.laws.decode.DecodeRanks.Seat;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The steps of a case on one rank, together with other tokens that must leave no trace. All ranks
 * draw the same other tokens.
 */
final class DecodeInCompany<T extends Tensor> {
  private static final int MOST_DRAFTS = 3;
  private static final int MOST_FORMER = 12;

  /** Added to a request's number where inputs are drawn, so that they are another's. */
  private static final int ANOTHER = 1000;

  private final Seat<T> seat;
  private final DecodeRanks<T> ranks;
  private final DecodeCase given;
  private final DecodeWeights weights;
  private final Company company;
  private final SelfAttention<T> attention;
  private final SplittableRandom random;
  private int launched;

  DecodeInCompany(Seat<T> seat, DecodeRanks<T> ranks, DecodeWeights weights, Company company) {
    this.seat = seat;
    this.ranks = ranks;
    this.given = ranks.given;
    this.weights = weights;
    this.company = company;
    this.attention = weights.attention(seat);
    this.random = new SplittableRandom(given.seed() + 1);
  }

  /**
   * A row of a step.
   *
   * @param own whether it is the case's
   */
  private record Row(QueryToken token, boolean own) {}

  /** The output of each step for the case's own rows, {@code [batch, hidden]}. */
  List<double[]> outputs() {
    if (company.hasFormerRequests()) {
      former();
    }
    open();
    List<double[]> outputs = new ArrayList<>();
    for (List<QueryToken> step : given.steps()) {
      List<Row> rows = company.hasDrafts() ? withDrafts(step) : rows(step, true);
      outputs.add(ownOf(rows, attend(rows)));
      if (company.hasDrafts()) {
        takeBack(step);
      }
    }
    return outputs;
  }

  /** Other requests of the same numbers come, grow, have drafts rejected and go. */
  private void former() {
    open();
    List<QueryToken> step = new ArrayList<>();
    List<Integer> accepted = new ArrayList<>();
    for (int request = 0; request < given.requests(); request++) {
      int tokens = random.nextInt(MOST_FORMER + 1);
      accepted.add(tokens - random.nextInt(tokens + 1));
      for (int position = 0; position < tokens; position++) {
        step.add(new QueryToken(request, position));
      }
    }
    if (!step.isEmpty()) {
      attend(rows(step, false));
    }
    for (int request = 0; request < given.requests(); request++) {
      attention.cache().truncate(request, accepted.get(request));
      attention.cache().close(request);
    }
  }

  private void open() {
    for (int request = 0; request < given.requests(); request++) {
      int capacity = given.capacities().get(request);
      attention.cache().open(request, ranks.subject.placement(seat.place()), capacity);
    }
  }

  private static List<Row> rows(List<QueryToken> step, boolean own) {
    return step.stream().map(token -> new Row(token, own)).toList();
  }

  /** Puts some rows that will be rejected behind the rows of each request. */
  private List<Row> withDrafts(List<QueryToken> step) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < step.size(); i++) {
      QueryToken token = step.get(i);
      rows.add(new Row(token, true));
      boolean last = i + 1 == step.size() || step.get(i + 1).request() != token.request();
      int drafts = last ? random.nextInt(MOST_DRAFTS + 1) : 0;
      for (int draft = 1; draft <= drafts; draft++) {
        rows.add(new Row(new QueryToken(token.request(), token.position() + draft), false));
      }
    }
    return rows;
  }

  private void takeBack(List<QueryToken> step) {
    KvCache cache = attention.cache();
    for (int i = 0; i < step.size(); i++) {
      QueryToken token = step.get(i);
      if (i + 1 == step.size() || step.get(i + 1).request() != token.request()) {
        cache.truncate(token.request(), token.position() + 1);
      }
    }
  }

  private double[] attend(List<Row> rows) {
    double[] x = rows.stream().flatMapToDouble(row -> Arrays.stream(input(row))).toArray();
    T input =
        seat.constant(
            "x" + launched++,
            x,
            new Dim(Axis.BATCH, rows.size()),
            new Dim(Axis.HIDDEN, given.shape().hidden()));
    return seat.numbers(attention.attend(input, rows.stream().map(Row::token).toList()));
  }

  private double[] input(Row row) {
    QueryToken token = row.token();
    return weights.x(
        row.own() ? token : new QueryToken(token.request() + ANOTHER, token.position()));
  }

  /** The case's own rows, unless the output is not one of all rows, which is told as it is. */
  private double[] ownOf(List<Row> rows, double[] output) {
    int hidden = given.shape().hidden();
    if (output.length != rows.size() * hidden) {
      return output;
    }
    List<double[]> own = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      if (rows.get(row).own()) {
        own.add(Arrays.copyOfRange(output, row * hidden, (row + 1) * hidden));
      }
    }
    return own.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
