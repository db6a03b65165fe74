/**
 * Models as Hugging Face stores them: {@code config.json}, safetensors with their index, {@code
 * tokenizer.json}. Start with {@link dev.helix.runtime.checkpoint.Checkpoint}; {@link
 * dev.helix.runtime.checkpoint.ModelShape} is a model of which only the configuration is there.
 *
 * <p>What is particular to one family of models (fields, names and shapes of weights) stands in its
 * {@code ModelFamily}; the rest knows no architecture.
 */
package dev.helix.runtime.checkpoint;
