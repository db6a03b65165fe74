package dev.helix.runtime.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore.Part;
import dev.helix.tensor.formats.BlockFormat.Quantized;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheRecordTest {
  private static final QueryToken TOKEN = new QueryToken(1, 7);

  private static CacheRecord record(int layer, Part part, int saturated, byte... bytes) {
    CacheRecord record = new CacheRecord();
    record.ofLayer(layer).keep(TOKEN, part, 3, new Quantized(bytes, saturated));
    return record;
  }

  @Test
  void everyBitComesHome() throws IOException {
    CacheRecord record = record(2, Part.VALUE, 5, (byte) -1, (byte) 0, (byte) 0x7f);
    record.ofLayer(2).keep(TOKEN, Part.KEY, 3, new Quantized(new byte[] {9}, 1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    record.write(new DataOutputStream(bytes));
    CacheRecord home =
        CacheRecord.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertArrayEquals(new byte[] {-1, 0, 0x7f}, home.bits(2, TOKEN, Part.VALUE, 3).orElseThrow());
    assertArrayEquals(new byte[] {9}, home.bits(2, TOKEN, Part.KEY, 3).orElseThrow());
    assertEquals(Optional.empty(), home.bits(1, TOKEN, Part.KEY, 3));
    assertEquals(6, home.saturated());
  }

  @Test
  void copiesOfAHeadHaveTheSameBits() {
    CacheRecord record = record(0, Part.KEY, 1, (byte) 1, (byte) 2);
    record.takeAll(record(0, Part.KEY, 1, (byte) 1, (byte) 2));
    assertEquals(Optional.empty(), record.difference());
    assertEquals(1, record.saturated());
    record.takeAll(record(0, Part.KEY, 1, (byte) 1, (byte) 3));
    assertTrue(
        record
            .difference()
            .orElseThrow()
            .startsWith("two ranks have stored different bits of layer 0, key of KV head 3,"));
  }

  @Test
  void aRunThatFollowsGetsTheBitsOfTheOther() {
    CacheRecord record = record(4, Part.ENTRY, 0, (byte) 8);
    assertArrayEquals(new byte[] {8}, record.ledLayer(4).given(TOKEN, Part.ENTRY, 3).orElseThrow());
    assertThrows(
        IllegalArgumentException.class, () -> record.ledLayer(4).given(TOKEN, Part.ENTRY, 2));
  }

  @Test
  void aTokenIsStoredOnce() {
    CacheRecord record = record(0, Part.KEY, 0, (byte) 1);
    assertThrows(
        IllegalStateException.class,
        () -> record.ofLayer(0).keep(TOKEN, Part.KEY, 3, new Quantized(new byte[1], 0)));
  }
}
