/**
 * Ranks, their groups, and the exchanges between them. Start with {@link
 * dev.helix.tensor.mesh.Layout} and {@link dev.helix.tensor.mesh.WireCollectives}. {@code Layout}
 * says what each of the N ranks is in attention (KVP × TPA) and in the FFN (TPF × EP); {@link
 * dev.helix.tensor.mesh.Communicator} is the transport of bytes that a rank's program is given, and
 * {@code WireCollectives} builds the exchanges of tensors on it. {@link
 * dev.helix.tensor.mesh.HeldState} says how ranks hold a hidden state between two parts of a model.
 *
 * <p>KVP is the width of KV parallelism, which splits the cache along the sequence. TPA and TPF are
 * the tensor parallel widths of attention and of the FFN. EP is the width of expert parallelism.
 */
package dev.helix.tensor.mesh;
