package dev.helix.runtime.report;

import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.verify.OracleCheck;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.runtime.verify.OracleComparison.Row;
import java.util.ArrayList;
import java.util.List;

/** A table of the comparison with the oracle, with a row for each layer and quantity. */
public final class OracleTable {
  private OracleTable() {}

  /** The table as lines, each with its line break. */
  public static String of(OracleComparison comparison) {
    List<ColumnData<Row>> columns = new ArrayList<>(VerificationTable.errors(Row::comparison));
    columns.add(
        VerificationTable.column(
            "of " + OracleCheck.DOWNCAST + "'s",
            HorizontalAlign.RIGHT,
            row -> VerificationTable.number(row.multiple())));
    columns.add(VerificationTable.outcome(Row::comparison));
    return VerificationTable.table(comparison.rows(), columns);
  }
}
