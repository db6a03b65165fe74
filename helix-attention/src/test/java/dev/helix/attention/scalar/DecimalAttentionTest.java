package dev.helix.attention.scalar;

import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.DecimalArithmetic;
import dev.helix.tensor.scalar.ScalarTensor;
import java.math.BigDecimal;

final class DecimalAttentionTest
    implements AttentionKernelsContract<ScalarTensor<BigDecimal>>,
        RefusalContract<ScalarTensor<BigDecimal>> {
  @Override
  public Run<ScalarTensor<BigDecimal>> run(int rank) {
    return Run.scalar(RankScope.alone(rank), new DecimalArithmetic());
  }
}
