package dev.helix.tensor.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.program.Place;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RankScopeTest {
  @Test
  void aScopeTellsWhereItsRankStandsFromTheStart() {
    RankScope scope = RankScope.alone(3);
    assertEquals("rank 3, start, none", scope.toString());
    scope.enter(Place.layer(2));
    scope.launch("flashDecode");
    assertEquals("rank 3, layer 2, flashDecode", scope.toString());
    assertEquals(3, scope.rank());
    assertEquals(Place.layer(2), scope.place());
    assertEquals("flashDecode", scope.operation());
  }

  @Test
  void aNewLayerForgetsTheOperationOfTheLast() {
    RankScope scope = RankScope.alone(0);
    scope.enter(Place.layer(0));
    scope.launch("allReduce");
    scope.enter(Place.layer(1));
    assertEquals("rank 0, layer 1, none", scope.toString());
  }

  @Test
  void everyLaunchAsksWhetherAnotherRankHasFailedAndEnteringALayerDoesNot() {
    AtomicInteger asked = new AtomicInteger();
    RankScope scope = new RankScope(0, asked::incrementAndGet);
    scope.enter(Place.layer(0));
    assertEquals(0, asked.get());
    scope.launch("linear");
    scope.launch("linear");
    assertEquals(2, asked.get());
  }

  @Test
  void aRankThatIsStoppedNamesTheOperationThatItWasAboutToLaunch() {
    IllegalStateException stopped = new IllegalStateException("another rank has failed");
    RankScope scope =
        new RankScope(
            1,
            () -> {
              throw stopped;
            });
    scope.enter(Place.Outside.HEAD);
    Exception thrown = assertThrows(RuntimeException.class, () -> scope.launch("rmsNorm"));
    assertSame(stopped, thrown);
    assertEquals("rank 1, head, rmsNorm", scope.toString());
  }
}
