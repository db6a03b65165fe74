package dev.helix.runtime.cli.golden;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** A definition of FlashInfer-Bench, and a workload of it whose tensors are in one file. */
final class BenchDefinition {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String opType;
  private final String name;
  private final String reference;
  private final ObjectNode axes = JSON.objectNode();
  private final ObjectNode inputs = JSON.objectNode();
  private final ObjectNode outputs = JSON.objectNode();
  private final ObjectNode sizes = JSON.objectNode();
  private final ObjectNode scalars = JSON.objectNode();

  /**
   * @param reference Python source with a function {@code run}
   */
  BenchDefinition(String opType, String name, String reference) {
    this.opType = opType;
    this.name = name;
    this.reference = reference;
  }

  String opType() {
    return opType;
  }

  String name() {
    return name;
  }

  /** Adds an axis that is the same in all workloads. */
  BenchDefinition axis(String axis, int size) {
    axes.putObject(axis).put("type", "const").put("value", size);
    return this;
  }

  /** Adds an axis that a workload gives its size. */
  BenchDefinition variable(String axis, int size) {
    axes.putObject(axis).put("type", "var");
    sizes.put(axis, size);
    return this;
  }

  BenchDefinition input(String tensor, List<String> shape, String dtype) {
    add(inputs, tensor, shape, dtype);
    return this;
  }

  /** Adds an input that is a number. */
  BenchDefinition scalar(String input, double value) {
    inputs.putObject(input).putNull("shape").put("dtype", "float32");
    scalars.put(input, value);
    return this;
  }

  BenchDefinition output(String tensor, List<String> shape, String dtype) {
    add(outputs, tensor, shape, dtype);
    return this;
  }

  private static void add(ObjectNode to, String tensor, List<String> shape, String dtype) {
    ArrayNode names = to.putObject(tensor).put("dtype", dtype).putArray("shape");
    shape.forEach(names::add);
  }

  /** The definition. */
  ObjectNode json() {
    ObjectNode json = JSON.objectNode().put("name", name).put("op_type", opType);
    json.putArray("tags").add("status:draft");
    json.set("axes", axes);
    json.set("inputs", inputs);
    json.set("outputs", outputs);
    return json.put("reference", reference);
  }

  /**
   * A workload of the definition.
   *
   * @param number index of the case in the file of cases
   * @param convention makes the identifier differ between conventions
   */
  ObjectNode workload(int number, String convention) {
    String identity = "%s %s %d".formatted(convention, name, number);
    ObjectNode workload =
        JSON.objectNode()
            .put(
                "uuid",
                UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString());
    workload.set("axes", sizes);
    ObjectNode sources = workload.putObject("inputs");
    inputs
        .fieldNames()
        .forEachRemaining(
            input -> {
              ObjectNode source = sources.putObject(input);
              if (scalars.has(input)) {
                source.put("type", "scalar").set("value", scalars.get(input));
              } else {
                source
                    .put("type", "safetensors")
                    .put("path", "./cases.safetensors")
                    .put("tensor_key", number + "." + input);
              }
            });
    return workload;
  }
}
