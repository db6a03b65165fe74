package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Adjustment;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.Sweep;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a search on a coarse grid of batches has found on one machine, and the search around it. If
 * a number of requests is wished, it is the only one of the grid.
 *
 * @param gpus the most GPUs of an instance
 * @param coarse the points of all plans on the coarse grid
 */
public record Search(Deployment deployment, int gpus, Wish wish, List<Point> coarse) {
  public Search {
    coarse = List.copyOf(coarse);
  }

  /**
   * Searches on several machines, for which each plan is traced once.
   *
   * @param deployments the same model, formats and context, served on each of the machines
   * @return a search for each deployment
   */
  public static List<Search> of(
      List<Deployment> deployments, int gpus, Wish wish, Sweep.Progress progress) {
    List<Integer> grid =
        wish.batch().isPresent() ? List.of(wish.batch().getAsInt()) : SearchSpace.COARSE_BATCHES;
    List<Sweep> sweeps = Sweep.onEach(deployments, Selection.space(gpus, grid), progress);
    return IntStream.range(0, deployments.size())
        .mapToObj(i -> new Search(deployments.get(i), gpus, wish, sweeps.get(i).points()))
        .toList();
  }

  Selection selection() {
    return new Selection(wish);
  }

  /**
   * The points of some plans with every number of requests that may be the answer.
   *
   * @return one sweep for each change
   */
  List<Sweep> around(List<Plan> plans, List<Adjustment> changes) {
    return varied(
        plans,
        wish.batch().isPresent() ? List.of(wish.batch().getAsInt()) : SearchSpace.ALL_BATCHES,
        changes);
  }

  /** The points of a plan with every number of requests, whatever is wished. */
  List<Point> ofEveryBatch(Plan plan) {
    List<Integer> batches =
        Stream.concat(SearchSpace.ALL_BATCHES.stream(), wish.batch().stream().boxed())
            .sorted()
            .distinct()
            .toList();
    return varied(List.of(plan), batches, List.of(Adjustment.NONE)).get(0).points();
  }

  private List<Sweep> varied(List<Plan> plans, List<Integer> batches, List<Adjustment> changes) {
    return Sweep.varied(
        deployment, Selection.space(gpus, batches), plans, changes, (done, all) -> {});
  }

  /** Finds for how many requests there is memory. */
  MemorySearch memory() {
    return new MemorySearch(deployment, gpus);
  }
}
