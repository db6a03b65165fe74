package dev.helix.attention;

import java.util.function.Function;

/**
 * The kind of attention that the layers of a model have, with its sizes. Code that treats the kinds
 * differently calls {@link #choose}, which will not compile if a third kind is added and not
 * handled.
 */
public sealed interface AttentionKind {
  /** Calls the function for this kind. */
  <R> R choose(Function<AttentionShape, R> groupedQuery, Function<LatentShape, R> latent);

  /**
   * The sizes of this attention in the form of grouped-query attention. For latent attention they
   * are those of its absorbed form.
   */
  default AttentionShape asGroupedQuery() {
    return choose(Function.identity(), LatentShape::absorbed);
  }

  /** Grouped-query attention, which includes multi-head and multi-query attention. */
  record GroupedQuery(AttentionShape shape) implements AttentionKind {
    @Override
    public <R> R choose(Function<AttentionShape, R> groupedQuery, Function<LatentShape, R> latent) {
      return groupedQuery.apply(shape);
    }
  }

  /** Multi-head latent attention (MLA). */
  record Latent(LatentShape shape) implements AttentionKind {
    @Override
    public <R> R choose(Function<AttentionShape, R> groupedQuery, Function<LatentShape, R> latent) {
      return latent.apply(shape);
    }
  }
}
