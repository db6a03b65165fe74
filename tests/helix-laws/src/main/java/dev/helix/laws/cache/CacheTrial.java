package dev.helix.laws.cache;

import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trial;
import dev.helix.laws.cache.CacheStep.Brought;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The trial of one law of a sharded cache, against one implementation, on one case. What the rows
 * of all steps see on all ranks is compared with a list of the tokens of each request. The law of
 * tokens plays the case as it is drawn, with drafts and ends. Each other law leaves out what it is
 * not about.
 */
final class CacheTrial extends Trial {
  private final CacheUnderTest subject;
  private final CacheCase given;

  CacheTrial(Law law, CacheUnderTest subject, CacheCase given) {
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
      case CACHE_TOKENS -> play(given);
      case CACHE_PADDING -> play(step -> step.withoutDrafts().withoutEnds());
      case CACHE_DRAFTS -> play(step -> step.withoutPadding().withoutEnds());
      case CACHE_REUSED -> play(step -> step.withoutPadding().withoutDrafts());
      case CACHE_STEPS ->
          play(
              given.with(
                  given.steps().stream()
                      .flatMap(step -> step.withoutDrafts().singly().stream())
                      .toList()));
      default -> throw new IllegalArgumentException(law() + " is not a law of the cache");
    }
  }

  private void play(UnaryOperator<CacheStep> reduced) {
    play(given.with(given.steps().stream().map(reduced).toList()));
  }

  private void play(CacheCase played) {
    CacheForm form = played.form();
    List<RankCache> ranks =
        IntStream.range(0, form.ranks()).mapToObj(rank -> subject.cache(form, rank)).toList();
    Map<Integer, List<Double>> requests = new HashMap<>();
    double next = 1;
    CacheTraits history = new CacheTraits(form);
    for (int number = 0; number < played.steps().size(); number++) {
      CacheStep step = played.steps().get(number);
      List<CacheRow> rows = new ArrayList<>();
      for (Brought one : step.brought()) {
        if (!requests.containsKey(one.request())) {
          ranks.forEach(rank -> asked(() -> rank.open(one.request())));
          history.opened(one.request());
          requests.put(one.request(), new ArrayList<>());
        }
        List<Double> tokens = requests.get(one.request());
        for (int i = 0; i < one.tokens(); i++) {
          rows.add(new CacheRow(one.request(), tokens.size(), next));
          tokens.add(next++);
        }
      }
      for (int i = 0; i < step.padding(); i++) {
        rows.add(new CacheRow(CacheRow.PADDING, 0, -next++));
      }
      if (!rows.isEmpty()) {
        history.step(rows, requests.keySet());
        read(number, rows, ranks, requests, history);
      }
      for (Brought one : step.brought()) {
        List<Double> tokens = requests.get(one.request());
        int stay = tokens.size() - one.rejected();
        if (one.rejected() > 0) {
          ranks.forEach(rank -> asked(() -> rank.truncate(one.request(), stay)));
          tokens.subList(stay, tokens.size()).clear();
          history.rejected(one.request());
        }
      }
      for (int request : step.closed()) {
        if (requests.remove(request) != null) {
          ranks.forEach(rank -> asked(() -> rank.close(request)));
          history.closed(request);
        }
      }
    }
  }

  private void read(
      int step,
      List<CacheRow> rows,
      List<RankCache> ranks,
      Map<Integer, List<Double>> requests,
      CacheTraits history) {
    List<List<double[]>> seen = new ArrayList<>();
    for (RankCache rank : ranks) {
      called();
      asked(() -> seen.add(rank.step(rows)));
    }
    for (int row = 0; row < rows.size(); row++) {
      CacheRow token = rows.get(row);
      if (!token.isPadding()) {
        row(() -> history.of(token));
        List<Double> past = requests.get(token.request()).subList(0, token.position() + 1);
        union(step, row, token, past, seen);
      }
    }
  }

  /** Values rise with time, and so with position: all ranks' values in order are the tokens. */
  private void union(
      int step, int row, CacheRow token, List<Double> past, List<List<double[]>> seen) {
    String where =
        "step %d, request %d, position %d".formatted(step, token.request(), token.position());
    List<Double> all = new ArrayList<>();
    for (int rank = 0; rank < seen.size(); rank++) {
      int own = rank;
      List<double[]> ofRank = seen.get(rank);
      require(
          ofRank.size() > row,
          () -> "%s: rank %d reads nothing for row %d".formatted(where, own, row));
      Arrays.stream(ofRank.get(row)).forEach(all::add);
    }
    all.sort(null);
    same(
        all.equals(past),
        array(past),
        array(all),
        () ->
            "%s: expected to see tokens %s on all ranks, once each, got %s"
                .formatted(where, numbers(past), numbers(all)));
    for (int rank = 0; rank < seen.size(); rank++) {
      int own = rank;
      List<Double> ofRank = Arrays.stream(seen.get(rank).get(row)).boxed().toList();
      require(
          ofRank.equals(ofRank.stream().sorted().toList()),
          () ->
              "%s: rank %d reads its tokens in another order: %s"
                  .formatted(where, own, numbers(ofRank)));
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Tokens by the order in which they came, padding negative. */
  private static List<String> numbers(List<Double> values) {
    return values.stream()
        .map(x -> x == Math.rint(x) ? String.valueOf(x.longValue()) : x.toString())
        .toList();
  }

  private static void asked(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      throw new LawViolation.Refusal("the cache threw " + e);
    }
  }
}
