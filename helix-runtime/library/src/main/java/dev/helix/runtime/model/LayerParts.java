package dev.helix.runtime.model;

import dev.helix.tensor.Tensor;

/**
 * What a strategy makes of one layer on one rank.
 *
 * @param attention its attention
 * @param ffn its FFN
 */
public record LayerParts<T extends Tensor>(AttentionPart<T> attention, FfnPart<T> ffn) {}
