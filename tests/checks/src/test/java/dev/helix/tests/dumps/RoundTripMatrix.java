package dev.helix.tests.dumps;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.tensor.faults.Fault;
import dev.helix.tests.dumps.RoundTrips.Outcome;
import dev.helix.tests.dumps.RoundTrips.Trip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Round trips of every fault that can be switched on, in every convention, as a table. */
final class RoundTripMatrix implements AutoCloseable {
  private final Path folder;
  private final Checkpoint checkpoint;
  private final Map<TripKind, RoundTrips> trips = new HashMap<>();

  /**
   * Prepares the trips of a model.
   *
   * @param folder an empty one, for dumps
   */
  RoundTripMatrix(Path folder, String model) {
    this.folder = folder;
    this.checkpoint = Checkpoint.embedded(model);
  }

  /** The conventions in the order of columns. */
  static List<Convention> columns() {
    return NamedConventions.all();
  }

  /** The faults in the order of rows: all but those that have no place in any convention. */
  static List<Fault> rows() {
    List<Fault> rows = new ArrayList<>(SwitchableFaults.all());
    rows.removeAll(WithoutPlace.reasons().keySet());
    return rows;
  }

  /** The table, in Markdown. */
  String table() throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("| exhibit |");
    columns().forEach(one -> head.append(" `").append(one.origin().name()).append("` |"));
    lines.add(head.toString());
    lines.add("|---|" + "---|".repeat(columns().size()));
    for (Fault fault : rows()) {
      StringBuilder row = new StringBuilder("| ").append(fault.story().name()).append(" |");
      for (Convention convention : columns()) {
        row.append(' ').append(cell(fault, convention)).append(" |");
      }
      lines.add(row.toString());
    }
    return String.join("\n", lines) + "\n";
  }

  /** One cell of the table. */
  String cell(Fault fault, Convention convention) throws IOException {
    Trip trip = trip(fault, convention);
    return switch (trip.outcome()) {
      case NAMED -> "named";
      case CONVICTED -> "convicted";
      case WITHIN_BOUNDS -> String.format(Locale.ROOT, "%.0f %%", 100 * trip.share());
      case NO_DUMP -> "no dump";
      case WITHOUT_EFFECT -> "–";
    };
  }

  /** The first run in which the fault is named, or else the one in which most is said of it. */
  Trip trip(Fault fault, Convention convention) throws IOException {
    Trip best = new Trip(Outcome.WITHOUT_EFFECT, 0, "");
    for (TripKind kind : TripKind.of(fault, checkpoint.config().latent().isPresent())) {
      if (best.outcome() != Outcome.NAMED) {
        Trip trip = trips(kind).of(fault, convention);
        best = trip.outcome().compareTo(best.outcome()) < 0 ? trip : best;
      }
    }
    return best;
  }

  private RoundTrips trips(TripKind kind) throws IOException {
    if (!trips.containsKey(kind)) {
      Path own = Files.createDirectory(folder.resolve("kind" + trips.size()));
      trips.put(kind, new RoundTrips(own, checkpoint, kind));
    }
    return trips.get(kind);
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
