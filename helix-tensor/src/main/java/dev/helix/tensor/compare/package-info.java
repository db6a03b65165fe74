/**
 * Compares the results of two programs, and says how far apart rounding alone can have put them.
 *
 * <p>Start with {@link dev.helix.tensor.compare.ErrorReport}, the outcome of a comparison, and
 * {@link dev.helix.tensor.compare.Rounding}, which has the constants and conventions of every
 * derived bound. A bound in this project is derived from the formula and the numbers at hand,
 * element by element; it is never a tolerance that made a test pass.
 */
package dev.helix.tensor.compare;
