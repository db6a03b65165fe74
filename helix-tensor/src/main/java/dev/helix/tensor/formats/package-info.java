/**
 * Number formats as values. They convert stored bits to doubles exactly, and doubles to bits by one
 * stated rule. Start with {@link dev.helix.tensor.formats.FloatFormat}, which is the format of one
 * number, and {@link dev.helix.tensor.formats.BlockFormat}, which is that of the numbers of one
 * token and one head, with the scales that they share.
 *
 * <p>Libraries choose scales that differ by a factor of 2, and all of them comply with the formats.
 * So a comparison dequantises the bits that it is given, and never quantises them again. Numbers
 * are quantised here by these rules:
 *
 * <ul>
 *   <li>A scale of a tensor or a head is a constant that is given beforehand, never computed from
 *       the numbers. Only the scales of blocks come from the numbers.
 *   <li>A block's scale is its largest magnitude over the largest number of the element format,
 *       rounded up to the scale's own format, so that nothing saturates. A block of zeros has the
 *       scale 1.
 *   <li>A number becomes the element that, times its scale, is nearest to it; of two equally near,
 *       the one whose last bit is 0.
 *   <li>What lies beyond the largest element times the largest scale saturates, and is counted. In
 *       BF16, which has no scale and has infinities, it is counted too and becomes one of them.
 * </ul>
 *
 * <p>Blocks lie inside one token and one head. So the bits do not depend on how a cache is cut.
 */
package dev.helix.tensor.formats;
