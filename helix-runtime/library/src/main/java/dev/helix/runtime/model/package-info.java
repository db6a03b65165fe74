/**
 * The decoder as one rank runs it. Start with {@link dev.helix.runtime.model.Decoder}, which runs
 * one step of the whole model, and {@link dev.helix.runtime.model.DecoderLayer}, which runs one
 * layer: h = x + attention(norm(x)), then h + ffn(norm(h)). Both are put together from parts
 * (embedding, attention, FFN, head). A strategy says what each part does on this rank and how it
 * holds the hidden state.
 */
package dev.helix.runtime.model;
