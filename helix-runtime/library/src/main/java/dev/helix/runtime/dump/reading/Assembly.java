package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.DumpContent;
import dev.helix.runtime.dump.DumpFacts;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.dialect.Collected;
import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a dump of what a dialect's reader has collected: gives each tensor its role and its axes,
 * takes apart what is of several ranks or of keys and values together, and checks that the ranks
 * agree.
 */
final class Assembly {
  private final Collected collected;
  private final Optional<DumpMap> map;
  private final DumpOptions options;
  private final List<String> remarks;
  private boolean typedCache;

  /**
   * Begins a dump.
   *
   * @param map what the user says of the tensors, which then is all that counts
   */
  Assembly(Collected collected, Optional<DumpMap> map, DumpOptions options) {
    this.collected = collected;
    this.map = map;
    this.options = options;
    this.remarks = new ArrayList<>(collected.remarks());
  }

  DumpContent content() {
    List<NamedTensor> known = new ArrayList<>();
    for (NamedTensor tensor : named()) {
      Optional<Role> role = tensor.role().or(() -> RoleNames.of(tensor.name()));
      if (role.isEmpty()) {
        remarks.add("%s has no role".formatted(tensor.data()));
      } else if (role.get() != Role.IGNORED) {
        known.add(typed(tensor.as(role.get())));
      }
    }
    if (options.cacheType().isPresent() && !typedCache) {
      throw new InvalidInputException(
          "--kv-type: has no effect on a dump in which no cache is kept as integers");
    }
    if (known.isEmpty()) {
      throw new InvalidInputException(
          "dump: expected a tensor whose name tells its role, or a map, got none among %d tensors"
              .formatted(collected.tensors().size()));
    }
    List<NamedTensor> apart = new AllInOne(options.ranks()).apart(known);
    int ranks = ranks(apart);
    requireOnce(apart);
    List<DumpTensor> tensors = KeysAndValues.apart(resolved(apart, ranks));
    List<Moment> moments = moments(apart);
    RankComparison.require(tensors, ranks);
    return new DumpContent(
        collected.files(),
        tensors,
        ranks,
        moments,
        DumpFacts.of(collected.dialect(), collected.facts()),
        remarks);
  }

  private List<NamedTensor> named() {
    return map.isPresent() ? map.get().apply(collected.tensors()) : collected.tensors();
  }

  /** The tensor with elements of a type that its role can have. */
  private NamedTensor typed(NamedTensor tensor) {
    Role role = tensor.role().orElseThrow();
    FileTensor data = tensor.data();
    if (role.isCache() && !data.type().isNumber() && options.cacheType().isPresent()) {
      typedCache = true;
      return tensor.with(data.as(options.cacheType().get()));
    }
    boolean fits = role.isOfIntegers() ? data.type().isInteger() : data.type().isNumber();
    if (!fits) {
      throw new InvalidInputException(
          "%s: %s: dtype: expected %s, got %s%s"
              .formatted(
                  data.described(),
                  role,
                  role.isOfIntegers() ? "integers" : "floating-point numbers",
                  data.type(),
                  bits(role, data.type())));
    }
    return tensor;
  }

  /** With what the user can say what the bits of integers are that should be other numbers. */
  private static String bits(Role role, ElementType type) {
    if (role.isCache()) {
      return "; --kv-type or the map's field dtype can say what its bits are";
    }
    boolean twoBytes = type == ElementType.U16 || type == ElementType.I16;
    return !role.isOfIntegers() && twoBytes
        ? "; are its bits BF16 or F16? The map's field dtype can say it"
        : "";
  }

  private int ranks(List<NamedTensor> tensors) {
    NavigableSet<Integer> found = new TreeSet<>();
    tensors.forEach(tensor -> tensor.of().rank().ifPresent(found::add));
    int count = found.isEmpty() ? 1 : found.last() + 1;
    int expected =
        (options.ranks().isPresent() ? options.ranks() : collected.ranks()).orElse(count);
    for (int rank = 0; rank < Math.max(count, expected); rank++) {
      if (!found.isEmpty() && (!found.contains(rank) || rank >= expected)) {
        throw new InvalidInputException(
            "dump: ranks: expected %s, got %s"
                .formatted(
                    expected == 1 ? "rank 0 alone" : "0 to " + (expected - 1), shown(found)));
      }
    }
    return expected;
  }

  private static String shown(NavigableSet<Integer> ranks) {
    return ranks.size() <= 16
        ? ranks.toString()
        : "%d of them from %d to %d".formatted(ranks.size(), ranks.first(), ranks.last());
  }

  private static void requireOnce(List<NamedTensor> tensors) {
    Map<Object, NamedTensor> seen = new HashMap<>();
    for (NamedTensor tensor : tensors) {
      NamedTensor other = seen.put(List.of(tensor.role().orElseThrow(), tensor.of()), tensor);
      if (other != null) {
        throw new InvalidInputException(
            "%s: %s: expected one %s, got another in %s"
                .formatted(
                    tensor.data().described(),
                    tensor.of(),
                    tensor.role().orElseThrow(),
                    other.data().described()));
      }
    }
  }

  private static List<Moment> moments(List<NamedTensor> tensors) {
    boolean layers = tensors.stream().anyMatch(tensor -> tensor.of().layer().isPresent());
    boolean steps = tensors.stream().anyMatch(tensor -> tensor.of().step().isPresent());
    NavigableSet<Moment> moments = new TreeSet<>();
    for (NamedTensor tensor : tensors) {
      boolean whole =
          (!layers || tensor.of().layer().isPresent())
              && (!steps || tensor.of().step().isPresent());
      if (whole) {
        moments.add(new Moment(tensor.of().step().orElse(0), tensor.of().layer().orElse(0)));
      }
    }
    return List.copyOf(moments);
  }

  /** The tensors with their axes, which those of the same rank, step and layer help to tell. */
  private static List<DumpTensor> resolved(List<NamedTensor> tensors, int ranks) {
    Map<Coordinates, List<NamedTensor>> groups = new HashMap<>();
    tensors.forEach(
        tensor -> groups.computeIfAbsent(tensor.of(), of -> new ArrayList<>()).add(tensor));
    List<DumpTensor> resolved = new ArrayList<>();
    Set<Coordinates> inOrder = new LinkedHashSet<>();
    tensors.forEach(tensor -> inOrder.add(tensor.of()));
    for (Coordinates of : inOrder) {
      List<NamedTensor> group = new ArrayList<>(groups.get(of));
      int alone = group.size();
      for (Coordinates wider : of.wider()) {
        group.addAll(groups.getOrDefault(wider, List.of()));
      }
      resolved.addAll(AxisResolution.of(group, alone, ranks));
    }
    return resolved;
  }
}
