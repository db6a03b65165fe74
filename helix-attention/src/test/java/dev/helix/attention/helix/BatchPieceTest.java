package dev.helix.attention.helix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.QueryToken;
import dev.helix.tensor.program.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rows are launched together: the numbers do not show it, whatever it is. */
final class BatchPieceTest {
  private static final List<QueryToken> STEP =
      List.of(new QueryToken(4, 7), new QueryToken(4, 8), new QueryToken(2, 0));

  @Test
  void hopBMakesOnePieceOfEachRequest() {
    List<BatchPiece> pieces = BatchPiece.of(STEP, true);
    assertEquals(
        List.of(new BatchPiece(new Piece(0, 2), 0, 2), new BatchPiece(new Piece(1, 2), 2, 3)),
        pieces);
    assertEquals(STEP.subList(0, 2), pieces.get(0).rows(STEP));
    assertEquals(STEP.subList(2, 3), pieces.get(1).rows(STEP));
  }

  @Test
  void theWholeBatchIsOnePieceWithoutHopBAndWhereThereIsOneRequest() {
    BatchPiece whole = new BatchPiece(Piece.WHOLE, 0, 3);
    assertEquals(List.of(whole), BatchPiece.of(STEP, false));
    List<QueryToken> alone = STEP.subList(0, 2);
    assertEquals(List.of(new BatchPiece(Piece.WHOLE, 0, 2)), BatchPiece.of(alone, true));
    assertEquals(List.of(new BatchPiece(Piece.WHOLE, 0, 0)), BatchPiece.of(List.of(), true));
  }
}
