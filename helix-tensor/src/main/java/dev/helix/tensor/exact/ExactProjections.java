package dev.helix.tensor.exact;

import java.util.List;

/** Products of one row with a weight, in the two ways of this reading. */
public final class ExactProjections {
  private final ExactConstants constants;

  /**
   * @param constants that the weights belong to
   */
  public ExactProjections(ExactConstants constants) {
    this.constants = constants;
  }

  /**
   * x·Wᵀ where no layout splits the sum: each output a dot product in fixed order.
   *
   * @param x {@code [in]} from {@code from}
   * @param weight {@code [out, in]}
   * @param to {@code [out]} from {@code toFrom}
   */
  public void inFixedOrder(double[] x, int from, ExactTensor weight, double[] to, int toFrom) {
    double[] products = new double[weight.spec().dims().get(0).size()];
    FixedOrder.dotsByColumns(x, from, constants.columns(weight).columns(), products);
    System.arraycopy(products, 0, to, toFrom, products.length);
  }

  /**
   * Adds x·Wᵀ to sums that a layout may split: exact products, nothing rounded.
   *
   * @param sums {@code [out]}
   * @param x {@code [in]} from {@code from}
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
