package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.MlaEntry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Finds out what the axes of a rank's tensors at one moment are, from their roles and sizes. Sizes
 * that one tensor tells, such as the number of requests, narrow down the orders of the others.
 */
final class AxisResolution {
  /** The tensors that tell most about the others come first. */
  private static final List<Role> FIRST =
      List.of(
          Role.LOCAL_LENGTHS,
          Role.GLOBAL_LENGTHS,
          Role.LAST_PAGE_LENGTHS,
          Role.BLOCK_TABLE,
          Role.QUERY,
          Role.QUERY_LATENT,
          Role.PARTIAL_OUTPUT);

  private final int ranks;
  private final boolean paged;
  private final Optional<PageFill> fill;
  private final Map<DumpAxis, Long> sizes = new EnumMap<>(DumpAxis.class);

  private AxisResolution(int ranks, boolean paged, Optional<PageFill> fill) {
    this.ranks = ranks;
    this.paged = paged;
    this.fill = fill;
  }

  /**
   * Resolves tensors.
   *
   * @param tensors those of one rank at one moment; all have a role
   * @param alone how many of them, from the first on, are wanted; the others only tell sizes
   * @throws InvalidInputException if the sizes of a tensor contradict its role or the others
   */
  static List<DumpTensor> of(List<NamedTensor> tensors, int alone, int ranks) {
    boolean paged =
        tensors.stream()
            .map(tensor -> tensor.role().orElseThrow())
            .anyMatch(role -> role == Role.BLOCK_TABLE || role == Role.KV_INDICES);
    AxisResolution resolution = new AxisResolution(ranks, paged, PageFill.of(tensors));
    DumpTensor[] resolved = new DumpTensor[alone];
    for (Role role : FIRST) {
      for (int i = 0; i < tensors.size(); i++) {
        if (tensors.get(i).role().orElseThrow() == role) {
          DumpTensor found = resolution.resolve(tensors.get(i));
          resolution.learn(found);
          if (i < alone) {
            resolved[i] = found;
          }
        }
      }
    }
    for (int i = 0; i < alone; i++) {
      if (resolved[i] == null) {
        resolved[i] = resolution.resolve(tensors.get(i));
      }
    }
    return List.of(resolved);
  }

  private void learn(DumpTensor tensor) {
    for (DumpAxis axis :
        List.of(DumpAxis.REQUESTS, DumpAxis.BATCH, DumpAxis.HEADS, DumpAxis.QUERIES)) {
      if (tensor.has(axis)) {
        sizes.putIfAbsent(axis, tensor.size(axis));
      }
    }
    boolean query = tensor.role() == Role.QUERY || tensor.role() == Role.QUERY_LATENT;
    if (query && tensor.has(DumpAxis.HEAD_DIM)) {
      sizes.putIfAbsent(DumpAxis.HEAD_DIM, tensor.size(DumpAxis.HEAD_DIM));
    }
  }

  private DumpTensor resolve(NamedTensor tensor) {
    Role role = tensor.role().orElseThrow();
    if (tensor.axes().isPresent()) {
      return new DumpTensor(role, tensor.axes().get(), true, tensor.of(), tensor.data());
    }
    List<List<DumpAxis>> orders = RoleAxes.of(role, tensor.data().axes(), paged);
    List<List<DumpAxis>> fitting = new ArrayList<>();
    for (List<DumpAxis> order : orders) {
      if (fits(role, order, tensor.data().shape())) {
        fitting.add(order);
      }
    }
    if (fitting.isEmpty()) {
      throw contradiction(tensor, role, orders);
    }
    List<List<DumpAxis>> likely =
        fitting.stream().filter(order -> isLikely(order, tensor.data().shape())).toList();
    List<List<DumpAxis>> best = filled(likely.isEmpty() ? fitting : likely, tensor);
    return new DumpTensor(role, best.get(0), best.size() == 1, tensor.of(), tensor.data());
  }

  /** Those orders in which pages are filled as the lengths say, unless that holds of none. */
  private List<List<DumpAxis>> filled(List<List<DumpAxis>> orders, NamedTensor tensor) {
    if (orders.size() == 1 || !orders.get(0).contains(DumpAxis.SLOTS) || fill.isEmpty()) {
      return orders;
    }
    List<List<DumpAxis>> filled =
        orders.stream()
            .filter(order -> fill.get().fits(tensor.data().size(order.indexOf(DumpAxis.SLOTS))))
            .toList();
    return filled.isEmpty() ? orders : filled;
  }

  private boolean fits(Role role, List<DumpAxis> order, List<Long> shape) {
    for (int i = 0; i < order.size(); i++) {
      if (!fits(role, order.get(i), shape.get(i))) {
        return false;
      }
    }
    int peers = order.indexOf(DumpAxis.PEERS);
    int own = order.indexOf(DumpAxis.HEADS);
    OptionalLong heads = known(DumpAxis.HEADS);
    // The peers of an exchange share the heads that each of them attended with.
    return peers < 0
        || own < 0
        || heads.isEmpty()
        || shape.get(own) > heads.getAsLong()
        || shape.get(peers) * shape.get(own) == heads.getAsLong();
  }

  private boolean fits(Role role, DumpAxis axis, long size) {
    OptionalLong heads = known(DumpAxis.HEADS);
    return switch (axis) {
      case KEYS_AND_VALUES -> size == 2;
      case PEERS -> size > 0 && ranks % size == 0;
      case ENTRY_BYTES -> role != Role.LATENT_ENTRIES || size == MlaEntry.BYTES;
      case STATISTICS -> size >= 2 && size % 2 == 0;
      case KV_HEADS -> heads.isEmpty() || (size > 0 && heads.getAsLong() % size == 0);
      case HEADS ->
          heads.isEmpty()
              || size == heads.getAsLong()
              || (isAfterExchange(role) && isShare(size, heads.getAsLong()));
      case REQUESTS, BATCH, QUERIES -> known(axis).orElse(size) == size;
      case HEAD_DIM -> role != Role.KEY_CACHE || known(axis).orElse(size) == size;
      default -> true;
    };
  }

  /** Whether a KVP group, whose size divides the number of ranks, shares heads in this way. */
  private boolean isShare(long own, long heads) {
    return own > 0 && heads % own == 0 && ranks % (heads / own) == 0;
  }

  /** The exchange leaves each rank with its own heads of all that attended. */
  private static boolean isAfterExchange(Role role) {
    return switch (role) {
      case SENT_OUTPUT,
          SENT_LSE,
          SENT_STATISTICS,
          RECEIVED_OUTPUT,
          RECEIVED_LSE,
          RECEIVED_STATISTICS,
          MERGED_OUTPUT,
          MERGED_LSE,
          VALUE_UP,
          OUTPUT_WEIGHT ->
          true;
      default -> false;
    };
  }

  /** In decode, most steps have one query token for each request. */
  private boolean isLikely(List<DumpAxis> order, List<Long> shape) {
    int batch = order.indexOf(DumpAxis.BATCH);
    OptionalLong requests = known(DumpAxis.REQUESTS);
    return batch < 0 || requests.isEmpty() || requests.getAsLong() == shape.get(batch);
  }

  private OptionalLong known(DumpAxis axis) {
    Long size = sizes.get(axis);
    return size == null ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /** What a merged tensor of fewer heads means, which is that other ranks merge the rest. */
  private String ofSeveralRanks(NamedTensor tensor, Role role) {
    OptionalLong heads = known(DumpAxis.HEADS);
    boolean merged = role == Role.MERGED_OUTPUT || role == Role.MERGED_LSE;
    if (!merged || heads.isEmpty()) {
      return "";
    }
    return tensor.data().shape().stream()
        .filter(size -> size > 0 && heads.getAsLong() % size == 0)
        .map(size -> heads.getAsLong() / size)
        .filter(kvp -> ranks % kvp != 0)
        .findFirst()
        .map(
            kvp ->
                "; these are the heads of one rank of %d, and the dump has %d"
                    .formatted(kvp, ranks))
        .orElse("");
  }

  private InvalidInputException contradiction(
      NamedTensor tensor, Role role, List<List<DumpAxis>> orders) {
    String expected =
        orders.isEmpty()
            ? "the number of axes of " + role
            : orders.stream().map(List::toString).collect(Collectors.joining(" or "));
    String known =
        sizes.entrySet().stream()
            .map(entry -> entry.getKey() + " = " + entry.getValue())
            .collect(Collectors.joining(", "));
    return new InvalidInputException(
        "%s: %s: shape: expected %s%s, got %s%s"
            .formatted(
                tensor.data().described(),
                role,
                expected,
                known.isEmpty() ? "" : " with " + known,
                tensor.data().shape(),
                ofSeveralRanks(tensor, role)));
  }
}
