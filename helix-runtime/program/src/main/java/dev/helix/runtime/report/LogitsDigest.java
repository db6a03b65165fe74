package dev.helix.runtime.report;

import dev.helix.runtime.decode.DecodeResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The digest of logits: one value for all their bits. */
public final class LogitsDigest {
  private LogitsDigest() {}

  /** The digest of the logits of all requests, one after the other. */
  public static String ofAll(DecodeResult result) {
    return sha256(result.requests().stream().flatMap(r -> r.logits().stream()).toList());
  }

  /**
   * The SHA-256 of logits as little-endian doubles, in order.
   *
   * @param logits {@code [vocabulary]} for each decoded step
   * @return 64 hexadecimal digits
   */
  public static String sha256(List<double[]> logits) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (double[] step : logits) {
      ByteBuffer bytes =
          ByteBuffer.allocate(step.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (double logit : step) {
        bytes.putDouble(logit);
      }
      digest.update(bytes.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
