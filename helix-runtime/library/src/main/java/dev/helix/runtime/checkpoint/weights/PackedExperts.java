package dev.helix.runtime.checkpoint.weights;

/**
 * The rows of an expert's matrix in a tensor that holds the matrices of all experts of a layer, as
 * gpt-oss stores them: {@code [experts, stride · rows, columns]}. Row r of the matrix is row {@code
 * first + stride · r} of its expert.
 *
 * @param name the tensor, without the ending of the part that holds elements or scales
 * @param experts how many experts the layer has
 * @param expert which of them the matrix belongs to
 * @param first the expert's row that is the first of the matrix: 1 for the up projection, whose
 *     rows alternate with those of the gate
 * @param stride how many rows further the next row of the matrix is
 */
public record PackedExperts(String name, long experts, long expert, int first, int stride) {
  /** The row of the tensor, counted through all experts, that is a matrix's first. */
  long firstRow(long rows) {
    return expert * stride * rows + first;
  }
}
