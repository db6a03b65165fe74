package dev.helix.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;

class Float8Test {
  @Example
  void theEdgesAreThoseOfTheSpecification() {
    assertEquals(0x0p0, Float8.decode((byte) 0x00));
    assertEquals(-0x0p0, Float8.decode((byte) 0x80));
    assertEquals(0x1p-9, Float8.decode((byte) 0x01));
    assertEquals(0.875 * 0x1p-6, Float8.decode((byte) 0x07));
    assertEquals(0x1p-6, Float8.decode((byte) 0x08));
    assertEquals(1, Float8.decode((byte) 0x38));
    assertEquals(256, Float8.decode((byte) 0x78));
    assertEquals(448, Float8.decode((byte) 0x7e));
    assertEquals(-448, Float8.decode((byte) 0xfe));
    assertTrue(Double.isNaN(Float8.decode((byte) 0x7f)));
    assertTrue(Double.isNaN(Float8.decode((byte) 0xff)));
  }

  @Example
  void magnitudesGrowWithTheirBitsAndTheSignOnlyNegates() {
    for (int bits = 1; bits < 0x7f; bits++) {
      assertTrue(Float8.decode((byte) bits) > Float8.decode((byte) (bits - 1)));
      assertEquals(-Float8.decode((byte) bits), Float8.decode((byte) (bits | 0x80)));
    }
  }
}
