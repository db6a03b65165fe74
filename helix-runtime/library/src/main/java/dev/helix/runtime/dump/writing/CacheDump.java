package dev.helix.runtime.dump.writing;

import dev.helix.attention.LatentShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore.Part;
import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.attention.cache.quantized.QuantizedTokens;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.record.ProjectedRow;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.DType;
import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.mesh.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Writes the cache of one rank: numbers as they are, or in a quantised cache the bits that the run
 * has stored, with the scales that it was given.
 */
final class CacheDump {
  private final DecodePlan plan;
  private final RunRecord record;
  private final RankFile file;
  private final int rank;

  /** The format of numbers that are not quantised. */
  private final DType format;

  CacheDump(DecodePlan plan, RunRecord record, RankFile file, int rank, DType format) {
    this.plan = plan;
    this.record = record;
    this.file = file;
    this.rank = rank;
    this.format = format;
  }

  /**
   * Writes the cache of a layer.
   *
   * @param kept what the rank keeps of each request
   */
  void write(int layer, List<KeptTokens> kept) {
    file.table(RankDump.prefix(layer) + "block_tables", KeptTokens.table(kept));
    Layer of = new Layer(layer, new CacheArrays(file, RankDump.prefix(layer), kept, kvHeads()));
    plan.model()
        .attentionKind()
        .choose(
            shape ->
                of.vectors("k", Part.KEY, shape.headDim(), ProjectedRow::key)
                    && of.vectors("v", Part.VALUE, shape.headDim(), ProjectedRow::value),
            of::latents);
    if (plan.cache() == CacheFormat.FP8 || plan.cache() == CacheFormat.NVFP4) {
      scales(layer);
    }
  }

  private int kvHeads() {
    return plan.model()
        .attentionKind()
        .choose(shape -> shape.kvHeads() / layout().tpa(), shape -> 1);
  }

  private int firstKvHead() {
    return rank / layout().kvp() * kvHeads();
  }

  private Layout layout() {
    return HelixStrategy.of(plan.strategy()).layout();
  }

  /**
   * The constant scales of the rank's KV heads. An entry of latents has that of keys throughout.
   */
  private void scales(int layer) {
    KvScales scales = plan.checkpoint().kvScales(layer);
    boolean latent = plan.model().latent().isPresent();
    int[] heads = IntStream.range(firstKvHead(), firstKvHead() + kvHeads()).toArray();
    scale(layer, "k_scale", Arrays.stream(heads).mapToDouble(scales::key).toArray());
    scale(
        layer,
        "v_scale",
        Arrays.stream(heads)
            .mapToDouble(head -> latent ? scales.key(head) : scales.value(head))
            .toArray());
  }

  private void scale(int layer, String name, double[] scales) {
    file.numbers(
        RankDump.prefix(layer) + name,
        DType.F32,
        List.of(DumpAxis.KV_HEADS),
        List.of(scales.length),
        scales);
  }

  /** One layer. */
  private final class Layer {
    private final int layer;
    private final CacheArrays arrays;

    Layer(int layer, CacheArrays arrays) {
      this.layer = layer;
      this.arrays = arrays;
    }

    boolean vectors(String name, Part part, int dim, Function<ProjectedRow, double[]> numbers) {
      switch (plan.cache()) {
        case FP64 ->
            arrays.numbers(name + "_cache", format, dim, token -> numbers.apply(projected(token)));
        case BF16 ->
            arrays.numbers(name + "_cache", DType.BF16, dim, token -> decoded(token, part, dim));
        case FP8 -> codes(name + "_cache", ElementType.F8_E4M3, part, dim);
        default -> codes(name + "_entries", ElementType.U8, part, dim);
      }
      return true;
    }

    boolean latents(LatentShape shape) {
      int latent = shape.latent();
      int size = latent + shape.ropeDim();
      switch (plan.cache()) {
        case FP64 -> {
          arrays.numbers("ckv_cache", format, latent, token -> entry(token, 0, latent));
          arrays.numbers("kpe_cache", format, size - latent, token -> entry(token, latent, size));
        }
        case BF16 ->
            arrays.numbers(
                "mla_cache", DType.BF16, size, token -> decoded(token, Part.ENTRY, size));
        case FP8 -> codes("mla_cache", ElementType.F8_E4M3, Part.ENTRY, size);
        default -> codes("latent_entries", ElementType.U8, Part.ENTRY, size);
      }
      return true;
    }

    private double[] entry(QueryToken token, int from, int to) {
      return Arrays.copyOfRange(projected(token).key(), from, to);
    }

    private ProjectedRow projected(QueryToken token) {
      return record.attention().orElseThrow().of(rank, layer, token).projected().orElseThrow();
    }

    private void codes(String name, ElementType type, Part part, int dim) {
      arrays.codes(name, type, codec().bytes(dim), (token, head) -> bits(token, part, head));
    }

    /** The numbers of all KV heads that the bits of a token stand for. */
    private double[] decoded(QueryToken token, Part part, int dim) {
      return IntStream.range(0, arrays.kvHeads())
          .mapToObj(head -> codec().decode(bits(token, part, head), dim))
          .flatMapToDouble(Arrays::stream)
          .toArray();
    }

    private byte[] bits(QueryToken token, Part part, int head) {
      return record
          .cache()
          .orElseThrow()
          .bits(layer, token, part, firstKvHead() + head)
          .orElseThrow(() -> new IllegalArgumentException("no bits of " + token + " are recorded"));
    }

    private BlockFormat codec() {
      return QuantizedTokens.codec(plan.cache(), 1);
    }
  }
}
