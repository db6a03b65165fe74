/**
 * The decoder as one rank runs it. {@link dev.helix.runtime.model.Decoder} is one step of the whole
 * model, {@link dev.helix.runtime.model.DecoderLayer} that of a layer: h = x + attention(norm(x)),
 * then h + ffn(norm(h)).
 */
package dev.helix.runtime.model;
