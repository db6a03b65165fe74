package dev.helix.attention.convention;

/**
 * How partial states carry their weights, and how the merged state does.
 *
 * @param form whether they are log-sum-exps or (max, sum) pairs
 * @param given base of the weights of the parts
 * @param answered base of the merged log-sum-exp, which may be another
 * @param marks the log-sum-exps of parts, and of merged rows, without tokens
 * @param returned whether a merge also returns the merged log-sum-exp
 */
public record Weights(
    WeightForm form, LogBase given, LogBase answered, Marks marks, boolean returned) {
  /** Log-sum-exps of one base, with −∞ where there are no tokens. */
  public static Weights of(LogBase base) {
    return new Weights(WeightForm.LSE, base, base, Marks.of(Double.NEGATIVE_INFINITY), true);
  }

  /** These weights, and merged ones, in another base. */
  public Weights in(LogBase base) {
    return new Weights(form, base, base, marks, returned);
  }

  /** These weights with a merged log-sum-exp of another base. */
  public Weights answeredIn(LogBase base) {
    return new Weights(form, given, base, marks, returned);
  }

  /** These weights in another form. */
  public Weights as(WeightForm other) {
    return new Weights(other, given, answered, marks, returned);
  }

  /** These weights with other marks. */
  public Weights marked(Marks others) {
    return new Weights(form, given, answered, others, returned);
  }

  /** These weights of a merge that returns the merged log-sum-exp, or does not. */
  public Weights returning(boolean does) {
    return new Weights(form, given, answered, marks, does);
  }
}
