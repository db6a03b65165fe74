package dev.helix.attention;

import java.util.function.Function;

/**
 * Which attention the layers of a model have, with its sizes. Who does one thing for the one and
 * another for the other asks {@link #choose}, and does not compile when a third kind is added.
 */
public sealed interface AttentionKind {
  /** Calls the function of this kind. */
  <R> R choose(Function<AttentionShape, R> groupedQuery, Function<LatentShape, R> latent);

  /** The sizes as grouped-query attention; latent attention has them in its absorbed form. */
  default AttentionShape asGroupedQuery() {
    return choose(Function.identity(), LatentShape::absorbed);
  }

  /** Grouped-query attention, of which multi-head and multi-query attention are the ends. */
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
