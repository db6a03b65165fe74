package dev.helix.laws.decode;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.QueryToken;
import dev.helix.laws.Law;
import dev.helix.laws.Trial;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.laws.placement.TokenPlacement;
import dev.helix.tensor.DType;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The trial of one law of the decode program on ranks, against one implementation, on one case. */
final class DecodeTrial<T extends Tensor> extends Trial {
  private final DecodeVariant<T> subject;
  private final DecodeCase given;
  private final DecodeRanks<T> ranks;

  DecodeTrial(Law law, DecodeVariant<T> subject, DecodeCase given) {
    super(law);
    this.subject = subject;
    this.given = given;
    this.ranks = DecodeRanks.of(subject, given);
  }

  @Override
  protected String input() {
    return given.toString();
  }

  @Override
  protected void hold() {
    called();
    row(() -> DecodeTraits.of(given));
    switch (law()) {
      case DECODE_UNSHARDED -> unsharded();
      case DECODE_DRAFTS -> inCompany(Company.DRAFTS);
      case DECODE_REUSED ->
          inCompany(Company.FORMER_REQUESTS, Company.DRAFTS_AFTER_FORMER_REQUESTS);
      case DECODE_RELABELLED -> relabelled();
      case DECODE_ALL_TO_ALL -> new ExchangeChecks<>(ranks, demands()).allToAll();
      case DECODE_EXCHANGES -> new ExchangeChecks<>(ranks, demands()).threeWays();
      case DECODE_PROJECTIONS -> new ProjectionChecks<>(ranks, demands()).hold();
      case DECODE_RANKS_AGREE -> ranksAgree();
      case DECODE_PLACEMENT -> placement();
      case DECODE_ROUTING -> new ProjectionChecks<>(ranks, demands()).routing();
      default -> throw new IllegalArgumentException(law() + " is not a law of the decode");
    }
  }

  /** Step by step on ranks is one pass of each request; in bits, on one rank and in one step. */
  private void unsharded() {
    List<double[]> outputs = ranks.decode().get(0);
    againstTheBaseline("", outputs);
    if (subject.inBits()) {
      DecodeCase alone = onOneRank();
      sameBits(
          "",
          "one rank in one step",
          byToken(alone, DecodeRanks.of(subject, alone).decode().get(0)),
          byToken(given, outputs));
    }
  }

  /** Nothing is changed by what else is decoded; in bits, not even rounding. */
  private void inCompany(Company... companies) {
    List<double[]> alone = subject.inBits() ? ranks.decode().get(0) : List.of();
    for (Company company : companies) {
      List<double[]> outputs = ranks.decode(company).get(0);
      if (subject.inBits()) {
        Map<QueryToken, double[]> same = byToken(given, alone);
        sameBits(company.words(), "the same tokens alone", same, byToken(given, outputs));
      } else {
        againstTheBaseline(company.words(), outputs);
      }
    }
  }

  /** Other ranks have the parts of the tokens: nothing changes but rounding, in bits nothing. */
  private void relabelled() {
    List<Integer> before = given.shards();
    List<Integer> parts = new ArrayList<>(before);
    Collections.shuffle(parts, new Random(given.seed()));
    // Never all as they were, if there is another way.
    Collections.rotate(parts, parts.equals(before) ? 1 : 0);
    List<double[]> outputs = ranks.relabelled(parts).decode().get(0);
    if (subject.inBits()) {
      List<double[]> unchanged = ranks.decode().get(0);
      sameBits("", "the ranks before", byToken(given, unchanged), byToken(given, outputs));
    } else {
      againstTheBaseline("", outputs);
    }
  }

  /**
   * @param when completes "the ranks' output"
   */
  private void againstTheBaseline(String when, List<double[]> outputs) {
    Map<QueryToken, double[]> got = byToken(given, outputs);
    String claim = "the ranks' output" + when;
    for (UnshardedPass.Row token : UnshardedPass.of(given).rows()) {
      row(() -> DecodeTraits.of(given, token.token));
      for (int i = 0; i < token.expected.length; i++) {
        int component = i;
        Supplier<String> where =
            () ->
                "request %d, position %d, component %d"
                    .formatted(token.token.request(), token.token.position(), component);
        double answer = got.get(token.token)[i];
        within(claim, where, DType.F64, token.expected[i], answer, token.bound[i]);
      }
    }
  }

  private DecodeCase onOneRank() {
    List<QueryToken> all = new ArrayList<>(given.tokens());
    all.sort(Comparator.comparingInt(QueryToken::request));
    return new DecodeCase(
        given.shape(),
        given.latent(),
        Layout.dense(1, 1),
        given.deal(),
        given.rule(),
        given.capacities(),
        List.of(all),
        false,
        Set.of(),
        given.seed());
  }

  /** The rows of all steps, {@code [hidden]} each. */
  private Map<QueryToken, double[]> byToken(DecodeCase of, List<double[]> outputs) {
    AttentionShape shape = of.shape();
    Map<QueryToken, double[]> rows = new HashMap<>();
    for (int step = 0; step < of.steps().size(); step++) {
      int row = 0;
      int numbers = of.steps().get(step).size() * shape.hidden();
      demands().requireSize("numbers of a step's output", numbers, outputs.get(step).length);
      for (QueryToken token : of.steps().get(step)) {
        int from = row++ * shape.hidden();
        rows.put(token, Arrays.copyOfRange(outputs.get(step), from, from + shape.hidden()));
      }
    }
    return rows;
  }

  private void sameBits(
      String when, String of, Map<QueryToken, double[]> expected, Map<QueryToken, double[]> got) {
    for (QueryToken token : given.tokens()) {
      row(() -> DecodeTraits.of(given, token));
      for (int i = 0; i < given.shape().hidden(); i++) {
        double one = expected.get(token)[i];
        double other = got.get(token)[i];
        int component = i;
        same(
            Double.doubleToRawLongBits(one) == Double.doubleToRawLongBits(other),
            new double[] {one},
            new double[] {other},
            () ->
                "the ranks' output%s has other bits than that of %s: %s, component %d: %s, not %s"
                    .formatted(when, of, token, component, other, one));
      }
    }
  }

  private void ranksAgree() {
    List<List<double[]>> outputs = ranks.decode();
    for (int rank = 1; rank < outputs.size(); rank++) {
      for (int step = 0; step < given.steps().size(); step++) {
        int other = rank;
        int at = step;
        double[] first = outputs.get(0).get(step);
        double[] own = outputs.get(rank).get(step);
        same(
            Arrays.equals(first, own),
            first,
            own,
            () -> "rank %d differs from rank 0 after step %d".formatted(other, at));
      }
    }
  }

  private void placement() {
    List<TokenPlacement> believed =
        IntStream.range(0, given.layout().kvp())
            .mapToObj(shard -> TokenPlacement.of(subject.placement(ranks.keeping(shard))))
            .toList();
    PlacementCheck law = new PlacementCheck(believed, demands());
    for (int request = 0; request < given.requests(); request++) {
      law.hold(given.length(request));
    }
  }

  private Demands demands() {
    return new Demands() {
      @Override
      public void within(
          String claim, Supplier<String> where, double expected, double got, double bound) {
        DecodeTrial.this.within(claim, where, DType.F64, expected, got, bound);
      }

      @Override
      public void require(boolean holds, Supplier<String> what) {
        DecodeTrial.this.require(holds, what);
      }

      @Override
      public void same(boolean same, double[] expected, double[] got, Supplier<String> what) {
        DecodeTrial.this.same(same, expected, got, what);
      }
    };
  }
}
