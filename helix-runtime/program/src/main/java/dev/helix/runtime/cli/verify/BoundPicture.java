package dev.helix.runtime.cli.verify;

import dev.helix.runtime.chart.Axis;
import dev.helix.runtime.chart.Cell;
import dev.helix.runtime.chart.Series;
import dev.helix.runtime.chart.SvgChart;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A picture of shares of bounds: ranks by heads for a dump of one layer, layers by ranks for one of
 * several. Each cell has the greatest share of all stages, with the share written in it.
 */
final class BoundPicture {
  /** Shades end here, so that a share of a thousand does not turn all others white. */
  private static final double DARKEST = 2;

  private static final int CELL = 52;
  private static final int ROW = 30;

  private BoundPicture() {}

  static String of(List<Judged> judged) {
    return judged.size() == 1 ? heads(judged.get(0)) : layers(judged);
  }

  private static String heads(Judged one) {
    int heads = one.dumped().step().facts().shape().heads();
    int kvp = one.dumped().step().facts().shape().kvp();
    Map<List<Integer>, Double> shares = new TreeMap<>(Comparator.comparing(List::toString));
    each(
        one,
        (place, share) -> {
          if (place.head() != Place.NO_HEAD) {
            shares.merge(List.of(place.head(), place.rank()), share, Math::max);
          }
        });
    List<String> rows =
        IntStream.range(0, kvp).mapToObj(rank -> name(rank + one.dumped().firstRank())).toList();
    return chart(
        "Share of the bound, rank by head",
        Axis.categories(
            "query head", IntStream.range(0, heads).mapToObj(Integer::toString).toList()),
        Axis.categories("rank", rows),
        shares);
  }

  private static String layers(List<Judged> judged) {
    int ranks =
        judged.stream()
            .mapToInt(one -> one.dumped().firstRank() + one.dumped().step().facts().shape().kvp())
            .max()
            .orElse(1);
    List<String> rows =
        judged.stream().map(one -> one.dumped().moment().toString()).distinct().toList();
    Map<List<Integer>, Double> shares = new TreeMap<>(Comparator.comparing(List::toString));
    for (Judged one : judged) {
      int row = rows.indexOf(one.dumped().moment().toString());
      each(
          one,
          (place, share) ->
              shares.merge(
                  List.of(place.rank() + one.dumped().firstRank(), row), share, Math::max));
    }
    return chart(
        "Share of the bound, layer by rank",
        Axis.categories("rank", IntStream.range(0, ranks).mapToObj(Integer::toString).toList()),
        Axis.categories("layer", rows),
        shares);
  }

  private static String name(int rank) {
    return "rank " + rank;
  }

  private interface Visitor {
    void see(Place place, double share);
  }

  private static void each(Judged one, Visitor visitor) {
    for (StageVerdict stage : one.verdict().stages()) {
      // A stage that is wrong only where others are would hide which rank is at fault.
      if (!stage.follows()) {
        stage.tally().shares().forEach(visitor::see);
      }
    }
  }

  private static String chart(
      String title, Axis columns, Axis rows, Map<List<Integer>, Double> shares) {
    List<Cell> cells = new ArrayList<>();
    shares.forEach(
        (at, share) ->
            cells.add(
                new Cell(
                    at.get(0),
                    at.get(1),
                    Math.min(DARKEST, share),
                    words(share),
                    "%s, %s %s: %.3g times the bound%s"
                        .formatted(
                            rows.categories().get(at.get(1)),
                            columns.label(),
                            columns.categories().get(at.get(0)),
                            share,
                            share > 1 ? ": WRONG" : ""))));
    int width = Math.max(420, 160 + CELL * columns.categories().size());
    int height = Math.max(220, 140 + ROW * rows.categories().size());
    return SvgChart.of(title, columns, rows)
        .with(new Series.Cells("share of the bound; above 1 is wrong", cells))
        .sized(width, height)
        .svg();
  }

  private static String words(double share) {
    if (share > 99) {
      return "✗";
    }
    return String.format(Locale.ROOT, share > 1 ? "✗%.1f" : "%.2f", share);
  }
}
