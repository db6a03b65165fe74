/**
 * Questions to a placement and its answers in files, as a program in any language reads and writes
 * them: {@link dev.helix.laws.placement.files.PlacementFiles}, whose questions are each a {@link
 * dev.helix.laws.placement.files.PlacedView}.
 */
package dev.helix.laws.placement.files;
