/**
 * Turns text into tokens and back. Start with {@link dev.helix.runtime.text.TextCodec}, and {@link
 * dev.helix.runtime.text.TextStream} for text that is shown while it is produced.
 */
package dev.helix.runtime.text;
