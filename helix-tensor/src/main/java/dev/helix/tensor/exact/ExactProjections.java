package dev.helix.tensor.exact;

import java.util.List;

/**
 * Multiplies one row with a weight in the two ways that the {@code exact} reading knows: in fixed
 * order, and as exact sums.
 */
public final class ExactProjections {
  private final ExactConstants constants;

  /**
   * Creates projections for the weights of one run.
   *
   * @param constants the weights of the run
   */
  public ExactProjections(ExactConstants constants) {
    this.constants = constants;
  }

  /**
   * Computes x·Wᵀ where no layout splits the sum: each output is a dot product in fixed order.
   *
   * @param x holds {@code [in]} from index {@code from} on
   * @param weight {@code [out, in]}
   * @param to receives {@code [out]} from index {@code toFrom} on
   */
  public void inFixedOrder(double[] x, int from, ExactTensor weight, double[] to, int toFrom) {
    double[] products = new double[weight.spec().dims().get(0).size()];
    FixedOrder.dotsByColumns(x, from, constants.columns(weight).columns(), products);
    System.arraycopy(products, 0, to, toFrom, products.length);
  }

  /**
   * Adds x·Wᵀ to sums that a layout may split. Products are exact, and nothing is rounded.
   *
   * @param sums {@code [out]}
   * @param x holds {@code [in]} from index {@code from} on
   * @param weight {@code [out, in]}
   * @throws ExactRangeException if a number is not finite
   */
  public void addTo(ExactSums sums, double[] x, int from, ExactTensor weight) {
    WeightColumns columns = constants.columns(weight);
    List<IntegerRange> ranges = columns.integers();
    ProductBins bins = new ProductBins(sums);
    SlicedProducts sliced = new SlicedProducts(sums);
    for (int i = 0; i < columns.columns().size(); i++) {
      double[] column = columns.columns().get(i);
      IntegerRange integers = ranges.get(i);
      if (SlicedProducts.fits(integers)) {
        sliced.add(x[from + i], column, integers);
      } else {
        bins.add(x[from + i], 0, column, columns.ranges().get(i));
      }
    }
    bins.flush();
    sliced.flush();
  }
}
