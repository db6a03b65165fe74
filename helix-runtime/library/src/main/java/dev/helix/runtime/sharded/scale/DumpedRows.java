package dev.helix.runtime.sharded.scale;

import dev.helix.attention.convention.Convention;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowTerms;
import dev.helix.runtime.sharded.tally.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** A few rows of a dump from which a softmax scale can be fitted. */
final class DumpedRows {
  private static final int ROWS = 8;
  private static final int COMPONENTS = 16;

  /** Rows of more tokens are taken if there are no others, since each is looked at often. */
  private static final int USUAL_TOKENS = 8192;

  /** The most tokens of all rows, and numbers of values of a row. */
  private static final int MOST = 1 << 18;

  private final ShardedStep step;
  private final LocalReading reading;
  private final PartialReference reference;

  DumpedRows(ShardedStep step, LocalReading reading) {
    this.step = step;
    this.reading = reading;
    this.reference = new PartialReference(step.facts(), read -> {});
  }

  /** Rows of LSEs of some ranks. */
  List<ScaledRow> lses(Set<Integer> ranks) {
    List<ScaledRow> rows = new ArrayList<>();
    Convention convention = step.facts().forms().convention();
    for (Place place : places(ranks, StepTensor.PARTIAL_LSE, 1)) {
      RankStep rank = step.ranks().get(place.rank());
      double dumped = rank.get(StepTensor.PARTIAL_LSE)[row(place)];
      if (Double.isFinite(dumped) && !convention.marks().mayBeRead(dumped)) {
        RowTerms terms = reference.terms(rank, reading, place, 0);
        rows.add(ScaledRow.ofLse(terms, convention.base().toNatural(dumped)));
      }
    }
    return rows;
  }

  /** Rows of partial outputs of some ranks. */
  List<ScaledRow> partialOutputs(Set<Integer> ranks) {
    List<ScaledRow> rows = new ArrayList<>();
    int dim = step.facts().shape().valueDim();
    for (Place place : places(ranks, StepTensor.PARTIAL_OUTPUT, 2)) {
      RankStep rank = step.ranks().get(place.rank());
      int components = components(tokens(rank, place.token()));
      double[] dumped =
          components(rank.get(StepTensor.PARTIAL_OUTPUT), row(place) * dim, components);
      rows.add(
          ScaledRow.ofOutput(List.of(reference.terms(rank, reading, place, components)), dumped));
    }
    return rows;
  }

  /** Rows of outputs that some ranks have merged. */
  List<ScaledRow> mergedOutputs(Set<Integer> ranks) {
    List<ScaledRow> rows = new ArrayList<>();
    StepShape shape = step.facts().shape();
    for (Place place : places(ranks, StepTensor.MERGED_OUTPUT, 0)) {
      RankStep owner = step.ranks().get(place.head() / shape.ownHeads());
      int tokens = step.ranks().stream().mapToInt(rank -> tokens(rank, place.token())).sum();
      int components = components(tokens);
      int at = place.token() * shape.ownHeads() + place.head() % shape.ownHeads();
      List<RowTerms> parts =
          step.ranks().stream()
              .map(rank -> reference.terms(rank, reading, place, components))
              .toList();
      double[] dumped =
          components(owner.get(StepTensor.MERGED_OUTPUT), at * shape.valueDim(), components);
      if (tokens > 1 && ranks.contains(owner.rank())) {
        rows.add(ScaledRow.ofOutput(parts, dumped));
      }
    }
    return rows;
  }

  private static double[] components(double[] numbers, int from, int count) {
    return Arrays.copyOfRange(numbers, from, from + count);
  }

  private int components(int tokens) {
    int most = Math.min(COMPONENTS, step.facts().shape().valueDim());
    return Math.max(1, Math.min(most, 2 * MOST / Math.max(1, tokens)));
  }

  private int row(Place place) {
    return place.token() * step.facts().shape().heads() + place.head();
  }

  private int tokens(RankStep rank, int token) {
    return reading.tokens().range(rank.rank(), step.facts().tokens().get(token)).count();
  }

  /** Rows of at least so many tokens, far from each other. */
  private List<Place> places(Set<Integer> ranks, StepTensor tensor, int least) {
    List<Place> tokens = new ArrayList<>();
    for (int token = 0; token < step.facts().tokens().size(); token++) {
      for (RankStep rank : step.ranks()) {
        if (ranks.contains(rank.rank()) && rank.has(tensor) && tokens(rank, token) >= least) {
          tokens.add(new Place(rank.rank(), token, Place.NO_HEAD));
        }
      }
    }
    tokens.sort(Comparator.comparingInt(this::order));
    List<Place> chosen = new ArrayList<>();
    int heads = step.facts().shape().heads();
    long read = 0;
    for (int i = 0; i < Math.min(ROWS, tokens.size() * heads); i++) {
      Place token = tokens.get(i % tokens.size());
      read += tokens(step.ranks().get(token.rank()), token.token());
      if (i == 0 || read <= MOST) {
        int head = (i / tokens.size() + i % tokens.size() * Math.max(1, heads / ROWS)) % heads;
        chosen.add(new Place(token.rank(), token.token(), head));
      }
    }
    return chosen;
  }

  /** Long rows come first, but those that are too long after all others. */
  private int order(Place place) {
    int tokens = tokens(step.ranks().get(place.rank()), place.token());
    return tokens <= USUAL_TOKENS ? -tokens : tokens;
  }
}
