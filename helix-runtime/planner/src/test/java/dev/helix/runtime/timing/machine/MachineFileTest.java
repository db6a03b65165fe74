package dev.helix.runtime.timing.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Spec;
import dev.helix.tensor.io.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A machine is data, and each of its fields is checked. */
class MachineFileTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static ObjectNode whole() throws IOException {
    ObjectNode machine = MAPPER.createObjectNode();
    machine.set("gpu", resource("gb200.json"));
    machine.set("preset", resource("silicon.json"));
    return machine;
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = Machine.class.getResourceAsStream(name)) {
      return MAPPER.readTree(in);
    }
  }

  private static Machine read(ObjectNode machine) throws IOException {
    return Machine.read(JsonObject.parse("own.json", MAPPER.writeValueAsBytes(machine)));
  }

  private static void assertRefused(String expected, Consumer<ObjectNode> change)
      throws IOException {
    ObjectNode machine = whole();
    change.accept(machine);
    InvalidInputException refused = assertThrows(InvalidInputException.class, () -> read(machine));
    assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    assertTrue(refused.getMessage().startsWith("own.json: "), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }

  private static ObjectNode at(ObjectNode machine, String pointer) {
    return (ObjectNode) machine.at(pointer);
  }

  @ParameterizedTest
  @CsvSource({
    "gb200, sol",
    "gb200, paper",
    "gb200, silicon",
    "gb300, silicon",
    "b200, paper",
    "b200, sol",
    "h200, sol"
  })
  void theKnownMachinesAreWhole(String gpu, String preset) {
    Machine machine = Machine.named(gpu, preset);
    assertEquals(gpu.toUpperCase(java.util.Locale.ROOT), machine.gpu().name());
    assertEquals(preset, machine.preset().name());
  }

  @ParameterizedTest
  @CsvSource({"b200", "h200"})
  void aPresetThatWasFittedIsRefusedForGpusThatNobodyMeasured(String gpu) {
    InvalidInputException refused =
        assertThrows(InvalidInputException.class, () -> Machine.named(gpu, "silicon"));
    assertTrue(refused.getMessage().contains("measurements on GB200"), refused.getMessage());
  }

  @Test
  void aFileWithTheFieldsOfTheKnownOnesIsAMachine() throws IOException {
    assertEquals(Machine.named("gb200", "silicon"), read(whole()));
  }

  @Test
  void scalesOfBlocksArePartOfAnElement() {
    Spec weights = Spec.of(DType.FP4, Axis.INTERMEDIATE, 64, Axis.HIDDEN, 32);
    assertEquals(1024, Machine.named("gb200", "paper").bytes(weights));
    assertEquals(1152, Machine.named("gb200", "silicon").bytes(weights));
  }

  @Test
  void aMissingFieldIsNamed() throws IOException {
    assertRefused(
        "gpu.hbmBandwidth: expected an object, got nothing",
        machine -> at(machine, "/gpu").remove("hbmBandwidth"));
    assertRefused(
        "preset.launches.gemm.overhead.source: expected a string, got nothing",
        machine -> at(machine, "/preset/launches/gemm/overhead").remove("source"));
  }

  @Test
  void aNegativeValueIsNamed() throws IOException {
    assertRefused(
        "preset.launches.gemm.overhead.value: expected a number from 0 to 1e12, got -1",
        machine -> at(machine, "/preset/launches/gemm/overhead").put("value", -1));
    assertRefused(
        "gpu.memory.value: expected a number from 1e-9 to 1e12, got 0",
        machine -> at(machine, "/gpu/memory").put("value", 0));
  }

  @Test
  void aFractionAboveOneIsNamed() throws IOException {
    assertRefused(
        "efficiency.value: expected a number above 0, at most 1, got 1.5",
        machine -> at(machine, "/preset/transfers/allGather/efficiency").put("value", 1.5));
  }

  @Test
  void aConstantWithoutUnitOrInAnotherIsNamed() throws IOException {
    assertRefused(
        "gpu.linkBandwidth.unit: expected a string, got nothing",
        machine -> at(machine, "/gpu/linkBandwidth").remove("unit"));
    assertRefused(
        "gpu.linkBandwidth.unit: expected \"GB/s\", got \"TB/s\"",
        machine -> at(machine, "/gpu/linkBandwidth").put("unit", "TB/s"));
    assertRefused(
        "gpu.linkBandwidth: expected an object, got 900",
        machine -> at(machine, "/gpu").put("linkBandwidth", 900));
  }

  @Test
  void anUnknownFieldIsNamed() throws IOException {
    assertRefused(
        "gpu.hbmBandwith: expected no field but boardGpus,",
        machine -> at(machine, "/gpu").put("hbmBandwith", 1));
    assertRefused(
        "gpu.memory.note: expected no field but value, unit, source, date",
        machine -> at(machine, "/gpu/memory").put("note", "?"));
    assertRefused(
        "presets: expected no field but gpu, preset", machine -> machine.put("presets", "sol"));
  }

  @Test
  void aValueThatIsNoNumberOrAnUndatedOneIsNamed() throws IOException {
    assertRefused(
        "gpu.memory.value: expected a finite number, got \"much\"",
        machine -> at(machine, "/gpu/memory").put("value", "much"));
    assertRefused(
        "gpu.memory.date: expected \"YYYY\", \"YYYY-MM\" or \"YYYY-MM-DD\", got \"lately\"",
        machine -> at(machine, "/gpu/memory").put("date", "lately"));
  }

  @Test
  void aNameIsOneLineOfText() throws IOException {
    assertRefused(
        "gpu.name: expected words without control characters, got \"GB\\n200\"",
        machine -> at(machine, "/gpu").put("name", "GB\n200"));
    assertRefused(
        "preset.name: expected words without control characters, got \"\\u001B[2J\"",
        machine -> at(machine, "/preset").put("name", "\u001b[2J"));
    assertRefused(
        "preset.name: expected words without control characters, got \"a\\u2028b\"",
        machine -> at(machine, "/preset").put("name", "a\u2028b"));
    assertRefused(
        "preset.purpose: expected words without control characters, got \"a\\u0085b\"",
        machine -> at(machine, "/preset").put("purpose", "a\u0085b"));
  }
}
