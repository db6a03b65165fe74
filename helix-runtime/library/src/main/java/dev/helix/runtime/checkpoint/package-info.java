/**
 * Models as Hugging Face stores them: {@code config.json}, safetensors with their index, and {@code
 * tokenizer.json}. Start with {@link dev.helix.runtime.checkpoint.Checkpoint}, and with {@link
 * dev.helix.runtime.checkpoint.ModelShape}, which is a model of which only the configuration
 * exists.
 *
 * <p>Each family of models has a {@code ModelFamily} with what is particular to it: fields, names
 * and shapes of weights. The rest knows no architecture.
 */
package dev.helix.runtime.checkpoint;
