package dev.helix.attention.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.TokenTensor.Entry;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps tokens instead of numbers, and refuses to write a slot twice. */
final class RecordingKernels implements AttentionKernels<TokenTensor> {
  private final List<TokenTensor> allocated = new ArrayList<>();
  private int appendLaunches;

  /** Pages of keys and of values, in the order of their allocation. */
  List<Spec> allocatedSpecs() {
    return allocated.stream().map(TokenTensor::spec).toList();
  }

  int appendLaunches() {
    return appendLaunches;
  }

  @Override
  public TokenTensor allocatePage(Spec spec) {
    spec.require("allocatePage", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    TokenTensor page = TokenTensor.empty(spec, spec.size(Axis.SLOTS));
    allocated.add(page);
    return page;
  }

  @Override
  public void appendKv(TokenTensor keys, TokenTensor values, List<CacheSlot<TokenTensor>> slots) {
    appendLaunches++;
    for (CacheSlot<TokenTensor> slot : slots) {
      write(keys, slot.row(), slot.page().keys(), slot.slot());
      write(values, slot.row(), slot.page().values(), slot.slot());
    }
  }

  /** What is taken back may be written over, and is not to be read. */
  void takeBack(int request, int firstPosition) {
    for (TokenTensor page : allocated) {
      for (int slot = 0; slot < page.spec().size(Axis.SLOTS); slot++) {
        boolean taken =
            page.at(slot)
                .map(Entry::token)
                .filter(token -> token.request() == request && token.position() >= firstPosition)
                .isPresent();
        if (taken) {
          page.write(slot, Optional.empty());
        }
      }
    }
  }

  private void write(TokenTensor from, int row, TokenTensor page, int slot) {
    assertTrue(allocated.contains(page), "a page that these kernels did not allocate");
    assertTrue(page.at(slot).isEmpty(), () -> "slot " + slot + " is written a second time");
    page.write(slot, from.at(row));
  }

  @Override
  public RotatedQkv<TokenTensor> rotaryQkv(
      TokenTensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    throw new UnsupportedOperationException("a cache projects nothing");
  }

  @Override
  public PartialAttention<TokenTensor> flashDecode(
      Piece piece,
      TokenTensor queries,
      List<KvView<TokenTensor>> views,
      ScoreRule rule,
      int valueDim) {
    throw new UnsupportedOperationException("a cache attends to nothing");
  }

  @Override
  public TokenTensor mergeByLse(Piece piece, PartialAttention<TokenTensor> shards) {
    throw new UnsupportedOperationException("a cache merges nothing");
  }
}
