/**
 * Ranks and who talks to whom. {@link dev.helix.tensor.mesh.Layout} says what each of the N ranks
 * is in attention (KVP × TPA) and in the FFN (TPF × EP); {@link dev.helix.tensor.mesh.Communicator}
 * is the transport that a rank's program is given, and {@link
 * dev.helix.tensor.mesh.WireCollectives} makes the exchanges of tensors of it. {@link
 * dev.helix.tensor.mesh.HeldState} says how ranks hold a hidden state between two parts of a model.
 *
 * <p>KVP: KV parallel, the cache split along the sequence. TPA, TPF: tensor parallel widths of
 * attention and of the FFN. EP: expert parallel.
 */
package dev.helix.tensor.mesh;
