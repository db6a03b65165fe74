/**
 * The choice of experts under the laws of routing: this project's own, {@link
 * dev.helix.tests.laws.routing.ExpertRouterLawsTest}, and one as a GPU has it, {@link
 * dev.helix.tests.laws.routing.SinglePrecisionRouterLawsTest}.
 */
package dev.helix.tests.laws.routing;
