package dev.helix.tests.manual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.helix.runtime.report.RunReport;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema of a report, from the program's resources.
 *
 * @param name of the command whose report it describes
 * @param document the schema itself
 */
record ReportSchema(String name, JsonNode document) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How the path of a field goes on inside the elements of a list. */
  private static final String ELEMENTS = "[]";

  static ReportSchema of(String command) {
    String resource = command + ".schema.json";
    try (InputStream in = RunReport.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      return new ReportSchema(command, MAPPER.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the schema finds wrong with a report. */
  List<Error> errors(JsonNode report) {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(document);
    return schema.validate(report);
  }

  /** All fields, parents first: their paths, and the part of the schema for each. */
  Map<String, JsonNode> fields() {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    collect("", document, fields);
    return fields;
  }

  private void collect(String path, JsonNode at, Map<String, JsonNode> fields) {
    JsonNode schema = resolved(at);
    if (schema.has("items")) {
      collect(path + ELEMENTS, schema.get("items"), fields);
      return;
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String name = (path.isEmpty() ? "" : path + ".") + property.getKey();
              fields.put(name, property.getValue());
              collect(name, property.getValue(), fields);
            });
  }

  /** The paths of all fields of a report, as {@link #fields} writes them. */
  static List<String> paths(JsonNode report) {
    List<String> paths = new ArrayList<>();
    collect("", report, paths);
    return paths.stream().distinct().toList();
  }

  private static void collect(String path, JsonNode at, List<String> paths) {
    if (at.isArray()) {
      at.forEach(element -> collect(path + ELEMENTS, element, paths));
    }
    at.properties()
        .forEach(
            field -> {
              String name = (path.isEmpty() ? "" : path + ".") + field.getKey();
              paths.add(name);
              collect(name, field.getValue(), paths);
            });
  }

  private JsonNode resolved(JsonNode schema) {
    return schema.has("$ref") ? document.at(schema.get("$ref").textValue().substring(1)) : schema;
  }

  /** The kind of value of a field, in words. */
  String kind(JsonNode field) {
    JsonNode schema = resolved(field);
    String type = schema.path("type").asText();
    if (type.equals("array")) {
      return "list of " + plural(kind(schema.get("items")));
    }
    return type.equals("string") ? "text" : type;
  }

  private static String plural(String kind) {
    return kind.startsWith("list of ")
        ? kind.replaceFirst("list", "lists")
        : kind.equals("text") ? "texts" : kind + "s";
  }
}
