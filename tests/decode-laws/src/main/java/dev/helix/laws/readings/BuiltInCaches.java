package dev.helix.laws.readings;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.attention.scalar.ScalarAttentionKernels;
import dev.helix.laws.cache.CacheForm;
import dev.helix.laws.cache.CacheRow;
import dev.helix.laws.cache.CacheUnderTest;
import dev.helix.laws.cache.RankCache;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarKernels;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.ToDoubleBiFunction;

/**
 * Adapters around this project's own cache in each reading. A token's key holds the number that the
 * law gives to the token, and its value the negative number, which shows that both stay together.
 */
public final class BuiltInCaches {
  private BuiltInCaches() {}

  /** The caches of all readings, by name. */
  public static Map<String, CacheUnderTest> all() {
    Map<String, CacheUnderTest> caches = new LinkedHashMap<>();
    caches.put("fp64 cache", fp64());
    caches.put("exact cache", exact());
    caches.put("scalar cache", scalar());
    return caches;
  }

  /** The cache of the {@code fp64} reading. */
  public static CacheUnderTest fp64() {
    return (form, rank) -> {
      Fp64Rank own = new Fp64Rank(RankScope.alone(rank));
      return new Shard<>(
          new Fp64Kernels(own, new Fp64Constants()),
          new Fp64AttentionKernels(own),
          (page, slot) -> page.region().get(slot),
          form);
    };
  }

  /** The cache of the {@code exact} reading. */
  public static CacheUnderTest exact() {
    return (form, rank) -> {
      ExactRank own = new ExactRank(RankScope.alone(rank));
      ExactKernels kernels = new ExactKernels(own, new ExactConstants());
      return new Shard<>(
          kernels,
          new ExactAttentionKernels(own),
          (page, slot) -> kernels.toHost(page)[slot],
          form);
    };
  }

  /** The cache of the {@code counting} reading. */
  public static CacheUnderTest scalar() {
    return (form, rank) -> {
      RankScope scope = RankScope.alone(rank);
      ScalarRank<Double> own = new ScalarRank<>(scope, new CountingArithmetic(scope));
      return new Shard<>(
          new ScalarKernels<>(own, new ScalarConstants<>()),
          new ScalarAttentionKernels<>(own),
          ScalarTensor::get,
          form);
    };
  }

  /** One rank's. */
  private static final class Shard<T extends Tensor> implements RankCache {
    private final Kernels<T> kernels;
    private final AttentionKernels<T> attention;
    private final ToDoubleBiFunction<T, Integer> slotOf;
    private final CacheForm form;
    private final KvShard<T> shard;
    private int steps;

    /**
     * @param slotOf reads the number in a slot of a page
     */
    Shard(
        Kernels<T> kernels,
        AttentionKernels<T> attention,
        ToDoubleBiFunction<T, Integer> slotOf,
        CacheForm form) {
      this.kernels = kernels;
      this.attention = attention;
      this.slotOf = slotOf;
      this.form = form;
      this.shard =
          new KvShard<>(attention, kernels.rank(), PageForm.keysAndValues(1, 1, DType.F64));
    }

    @Override
    public void open(int request) {
      RoundRobinPlacement placement = new RoundRobinPlacement(form.ranks(), form.runLength());
      shard.open(request, placement, form.ranks() * form.pageSlots());
    }

    /** A step of this project has no padding: those rows are left out. */
    @Override
    public List<double[]> step(List<CacheRow> rows) {
      List<CacheRow> tokens = rows.stream().filter(row -> !row.isPadding()).toList();
      if (tokens.isEmpty()) {
        return List.of();
      }
      List<QueryToken> step =
          tokens.stream().map(row -> new QueryToken(row.request(), row.position())).toList();
      List<CacheSlot<T>> slots = shard.take(step);
      attention.appendKv(tensor("keys", tokens, 1), tensor("values", tokens, -1), slots);
      return shard.views(step, OptionalInt.empty()).stream().map(this::seen).toList();
    }

    private T tensor(String name, List<CacheRow> rows, int sign) {
      double[] numbers = rows.stream().mapToDouble(row -> sign * row.value()).toArray();
      Spec spec =
          Spec.of(
              DType.F64,
              new Dim(Axis.BATCH, numbers.length),
              new Dim(Axis.KV_HEADS, 1),
              new Dim(Axis.HEAD_DIM, 1));
      return kernels.constant(spec, new WeightSlice(name + " " + steps++, () -> numbers));
    }

    private double[] seen(KvView<T> view) {
      List<Double> keys = new ArrayList<>();
      for (KvPage<T> page : view.pages()) {
        int slots = page.keys().spec().size(Axis.SLOTS);
        for (int slot = 0; slot < slots && keys.size() < view.length(); slot++) {
          double key = slotOf.applyAsDouble(page.keys(), slot);
          double value = slotOf.applyAsDouble(page.values(), slot);
          if (value != -key) {
            throw new IllegalStateException(
                "the key of a token is %s, its value %s".formatted(key, value));
          }
          keys.add(key);
        }
      }
      return keys.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public void truncate(int request, int tokens) {
      shard.truncate(request, tokens);
    }

    @Override
    public void close(int request) {
      shard.close(request);
    }
  }
}
