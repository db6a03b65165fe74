/**
 * Placements under their laws: this project's own, {@link
 * dev.helix.tests.laws.placement.RoundRobinLawsTest}, and what the laws have to tell apart, {@link
 * dev.helix.tests.laws.placement.PlacementLawSensitivityTest}.
 */
package dev.helix.tests.laws.placement;
