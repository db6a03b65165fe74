package dev.helix.attention.fp64;

import dev.helix.attention.cache.PagePart;
import dev.helix.tensor.Axis;
import dev.helix.tensor.fp64.Blas;
import dev.helix.tensor.fp64.Fp64Memory.Region;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Attention of a few query heads that share a KV head. BLAS gives the products of queries and keys.
 * For a product of weights and values it would copy all values into its own order for a handful of
 * rows, which takes longer than to compute with them; {@link RowSums} does that on the Java heap.
 *
 * <p>A long shard is cut into stretches of tokens, which all processors share. The cuts depend on
 * the tokens alone, and states of stretches are added in their order. So the result has the same
 * bits on any number of processors.
 */
final class FewHeads {
  /** With more heads the products of BLAS are quicker. */
  static final int MOST = 16;

  /** Tokens of a tile, whose scores stay in the first cache. Bounds allow 64 tokens and more. */
  private static final int TILE = 128;

  /** Values that are read at once, and are still in the first cache when they are added. */
  private static final int READ = 16;

  private static final int STRETCH = 1 << 15;

  private final Fp64Rank rank;
  private final Fp64Tensor queries;
  private final Scores scores;
  private final HeadGroup heads;
  private final int valueDim;

  FewHeads(Fp64Rank rank, Fp64Tensor queries, Scores scores, HeadGroup heads, int valueDim) {
    this.rank = rank;
    this.queries = queries;
    this.scores = scores;
    this.heads = heads;
    this.valueDim = valueDim;
  }

  /** The state of all tokens, that of the sinks included. */
  SoftmaxState over(List<PagePart<Fp64Tensor>> parts) {
    SoftmaxState state = nothing();
    for (int head = 0; head < heads.size(); head++) {
      state.sink(head, scores.sink(heads.ofRow(head)));
    }
    List<List<PagePart<Fp64Tensor>>> stretches = stretches(parts);
    long productsOfTile = (long) heads.size() * TILE;
    Region products = rank.scratch(stretches.size() * productsOfTile);
    if (stretches.size() == 1) {
      return new Stretch(state, products, 0).add(stretches.get(0));
    }
    IntStream.range(0, stretches.size())
        .parallel()
        .mapToObj(i -> new Stretch(nothing(), products, i * productsOfTile).add(stretches.get(i)))
        .forEachOrdered(state::add);
    return state;
  }

  private SoftmaxState nothing() {
    return new SoftmaxState(heads.size(), valueDim);
  }

  /** Tiles that are whole parts, or cuts of long ones, by stretches. */
  private static List<List<PagePart<Fp64Tensor>>> stretches(List<PagePart<Fp64Tensor>> parts) {
    List<List<PagePart<Fp64Tensor>>> stretches = new ArrayList<>();
    List<PagePart<Fp64Tensor>> stretch = new ArrayList<>();
    int tokens = 0;
    for (PagePart<Fp64Tensor> part : parts) {
      for (PagePart<Fp64Tensor> tile : tiles(part).toList()) {
        if (tokens >= STRETCH) {
          stretches.add(stretch);
          stretch = new ArrayList<>();
          tokens = 0;
        }
        stretch.add(tile);
        tokens += tile.tokens();
      }
    }
    stretches.add(stretch);
    return stretches;
  }

  private static Stream<PagePart<Fp64Tensor>> tiles(PagePart<Fp64Tensor> part) {
    return IntStream.range(0, (part.tokens() - 1) / TILE + 1)
        .map(tile -> tile * TILE)
        .mapToObj(
            at ->
                new PagePart<>(
                    part.page(),
                    part.from() + at,
                    Math.min(TILE, part.tokens() - at),
                    part.localSlot() + at));
  }

  /** The memory in which one processor goes through a stretch, tile by tile. */
  private final class Stretch {
    private final SoftmaxState state;
    private final Region products;
    private final long productsFrom;
    private final double[][] weights = new double[heads.size()][TILE];
    private final double[][] values = new double[READ][valueDim];
    private final Exponentials exponentials = new Exponentials(TILE);

    /**
     * Begins a stretch.
     *
     * @param products has room for the products of a tile from {@code productsFrom} on
     */
    Stretch(SoftmaxState state, Region products, long productsFrom) {
      this.state = state;
      this.products = products;
      this.productsFrom = productsFrom;
    }

    SoftmaxState add(List<PagePart<Fp64Tensor>> tiles) {
      tiles.forEach(this::add);
      return state;
    }

    private void add(PagePart<Fp64Tensor> tile) {
      int tokens = tile.tokens();
      multiplyKeys(tile);
      products.copyRows(productsFrom, tokens, weights, heads.size(), tokens);
      for (int head = 0; head < heads.size(); head++) {
        double[] ofHead = weights[head];
        double largest = scores.inPlace(heads.ofRow(head), ofHead, tokens, tile.localSlot());
        state.weigh(head, ofHead, tokens, largest, exponentials);
      }
      addValues(tile);
    }

    private void multiplyKeys(PagePart<Fp64Tensor> tile) {
      Fp64Tensor page = tile.page().keys();
      int dim = page.spec().size(Axis.HEAD_DIM);
      long first = first(tile, page) * dim;
      Blas.readOnce(page.region(), first, tile.tokens() * dim);
      Blas.timesTransposed(
          heads.size(),
          tile.tokens(),
          dim,
          queries.region(),
          heads.first() * dim,
          page.region(),
          first,
          products,
          productsFrom);
    }

    private void addValues(PagePart<Fp64Tensor> tile) {
      Fp64Tensor page = tile.page().values();
      int stride = page.spec().size(Axis.HEAD_DIM);
      for (int from = 0; from < tile.tokens(); from += READ) {
        int rows = Math.min(READ, tile.tokens() - from);
        page.region().copyRows((first(tile, page) + from) * stride, stride, values, rows, valueDim);
        RowSums.add(weights, from, values, rows, state.outputs(), valueDim);
      }
    }

    private long first(PagePart<Fp64Tensor> tile, Fp64Tensor page) {
      return (long) heads.kvHead() * page.spec().size(Axis.SLOTS) + tile.from();
    }
  }
}
