/**
 * The decoder as one rank runs it. {@link dev.helix.runtime.model.Decoder} is one step of the whole
 * model, {@link dev.helix.runtime.model.DecoderLayer} that of a layer: h = x + attention(norm(x)),
 * then h + ffn(norm(h)). Both are put together from parts (embedding, attention, FFN, head) of
 * which a strategy says what they do on this rank and how they hold the hidden state.
 */
package dev.helix.runtime.model;
