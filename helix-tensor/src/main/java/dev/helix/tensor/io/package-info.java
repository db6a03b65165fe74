/**
 * Files that the user gives, read so that whatever is wrong with them is one line. Tensors stand in
 * safetensors, the format in which Hugging Face stores weights, and configurations in JSON. Start
 * with {@link dev.helix.tensor.io.SafetensorsFile}; {@link dev.helix.tensor.io.SafetensorsWriter}
 * is its inverse.
 */
package dev.helix.tensor.io;
