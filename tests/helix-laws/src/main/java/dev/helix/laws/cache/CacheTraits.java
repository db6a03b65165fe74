package dev.helix.laws.cache;

import dev.helix.laws.Trait;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Traits of the rows that are read from a cache, which follow from all that happened before. */
final class CacheTraits {
  private final CacheForm form;
  private final Set<Integer> rejected = new HashSet<>();
  private final Set<Integer> ended = new HashSet<>();
  private final Set<Integer> again = new HashSet<>();
  private boolean anyRejected;
  private boolean padded;
  private boolean waits;
  private List<CacheRow> rows = List.of();

  CacheTraits(CacheForm form) {
    this.form = form;
  }

  void opened(int request) {
    rejected.remove(request);
    if (ended.contains(request)) {
      again.add(request);
    }
  }

  void rejected(int request) {
    rejected.add(request);
    anyRejected = true;
  }

  void closed(int request) {
    ended.add(request);
  }

  /** Takes in a step, whose rows are read next. */
  void step(List<CacheRow> next, Collection<Integer> open) {
    rows = next;
    padded |= next.stream().anyMatch(CacheRow::isPadding);
    waits =
        open.stream().anyMatch(request -> next.stream().noneMatch(row -> row.request() == request));
  }

  /** The traits of a row of the step. */
  Set<Trait> of(CacheRow row) {
    long brought = rows.stream().filter(other -> other.request() == row.request()).count();
    return new Trait.Noted()
        .note("of requests some of whose drafts were rejected", rejected.contains(row.request()))
        .note("of requests whose number had another before", again.contains(row.request()))
        .note("behind a step with rejected drafts", anyRejected)
        .note("behind the end of a request", !ended.isEmpty())
        .note("of steps with padding, or behind one", padded)
        .note("of steps in which an open request waits", waits)
        .note("of requests that are not the first of their step", row.request() != first())
        .note("of requests that bring several tokens to a step", brought > 1)
        .note("of requests of more than a page", row.position() >= form.pageSlots())
        .note("of several ranks", form.ranks() > 1)
        .all();
  }

  private int first() {
    return rows.get(0).request();
  }
}
