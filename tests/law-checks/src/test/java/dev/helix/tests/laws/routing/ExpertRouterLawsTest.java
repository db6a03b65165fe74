package dev.helix.tests.laws.routing;

import dev.helix.laws.readings.BuiltInRouters;
import dev.helix.laws.routing.RoutingLaws;
import dev.helix.laws.routing.RoutingUnderTest;

/** The choice that every rank of every reading makes. */
class ExpertRouterLawsTest implements RoutingLaws {
  @Override
  public RoutingUnderTest router() {
    return BuiltInRouters.router();
  }
}
