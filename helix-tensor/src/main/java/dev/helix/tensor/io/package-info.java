/**
 * Reads files that the user gives, and says in one line whatever is wrong with one. Tensors are
 * stored as safetensors, the format of Hugging Face for weights, and configurations as JSON. Start
 * with {@link dev.helix.tensor.io.SafetensorsFile}; {@link dev.helix.tensor.io.SafetensorsWriter}
 * is its inverse.
 */
package dev.helix.tensor.io;
