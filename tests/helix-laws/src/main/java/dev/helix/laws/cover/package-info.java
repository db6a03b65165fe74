/**
 * Few cases in which every two choices meet: {@link dev.helix.laws.cover.CoveringArray} makes them
 * for any factors.
 */
package dev.helix.laws.cover;
