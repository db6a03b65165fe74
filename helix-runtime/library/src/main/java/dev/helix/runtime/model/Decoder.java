package dev.helix.runtime.model;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.record.TapPoint;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.program.Place;
import java.util.List;

/**
 * The decoder as one rank runs it: the parts that a strategy has made, one after the other. It
 * knows no strategy. When the parts are put together, it checks once that each part leaves the
 * hidden state held as the next part needs it.
 */
public final class Decoder<T extends Tensor> {
  private final RankOperations<T> operations;
  private final EmbeddingPart<T> embedding;
  private final List<DecoderLayer<T>> layers;
  private final HeadPart<T> head;
  private final StepTap<T> tap;

  /**
   * Puts the parts together.
   *
   * @throws IllegalArgumentException if the hidden state that one part leaves is not held as the
   *     next one needs it, naming both
   */
  public Decoder(
      RankOperations<T> operations,
      EmbeddingPart<T> embedding,
      List<DecoderLayer<T>> layers,
      HeadPart<T> head,
      StepTap<T> tap) {
    this.operations = operations;
    this.embedding = embedding;
    this.layers = List.copyOf(layers);
    this.head = head;
    this.tap = tap;
    HeldState hidden = embedding.leaves();
    String before = "the embedding";
    for (DecoderLayer<T> layer : layers) {
      layer.requireFits(hidden, before);
      before = layer.name();
    }
    hidden.requireFits(before, "the head", head.takes());
  }

  /** Says which ranks have the logits of a step. */
  public HeldState logitsHeld() {
    return head.leaves();
  }

  /** Makes room for a request in the caches of all layers. */
  public void open(int request, int capacity) {
    layers.forEach(layer -> layer.attention().open(request, capacity));
  }

  /**
   * Makes room for a request in the caches of all layers, and takes its first tokens to be there.
   */
  public void openFilled(int request, int capacity, int cached) {
    layers.forEach(layer -> layer.attention().openFilled(request, capacity, cached));
  }

  /** Drops a finished request from the caches of all layers. */
  public void close(int request) {
    layers.forEach(layer -> layer.attention().close(request));
  }

  /**
   * Runs one step of the whole model.
   *
   * @param batch all rows of the step, whichever of them this rank holds
   * @return for each micro-batch the logits of sampled rows that this rank has, in order: {@code
   *     [batch=rows, vocabulary]}, with the vocabulary padded
   */
  public List<HeldRows<T>> step(List<StepRow> batch) {
    return embedding.microBatches(batch).stream().map(this::pass).toList();
  }

  /** Runs one micro-batch through the model. */
  private HeldRows<T> pass(List<StepRow> batch) {
    List<QueryToken> step = batch.stream().map(StepRow::query).toList();
    operations.scope().enter(Place.Outside.EMBEDDING);
    HeldRows<T> x = embedding.embed(batch);
    if (embedding.embeds()) {
      x = seen(x, Quantity.EMBEDDING);
    }
    for (DecoderLayer<T> layer : layers) {
      x = layer.decode(x, step);
    }
    operations.scope().enter(Place.Outside.HEAD);
    return seen(head.logits(x, batch), Quantity.LOGITS);
  }

  private HeldRows<T> seen(HeldRows<T> x, Quantity quantity) {
    return x.isEmpty()
        ? x
        : x.with(tap.see(new TapPoint(TapPoint.OUTSIDE, quantity), x.rows(), x.values()));
  }
}
