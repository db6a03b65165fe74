/**
 * Reading and writing of tensors in files: safetensors, the format in which Hugging Face stores
 * weights. Start with {@link dev.helix.tensor.io.SafetensorsFile}; {@link
 * dev.helix.tensor.io.SafetensorsWriter} is its inverse.
 */
package dev.helix.tensor.io;
