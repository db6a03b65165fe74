package dev.helix.runtime.lesson;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts modules of JavaScript together into one script, since a page that is opened from a file
 * cannot load modules. Imports come before the module that imports, and all modules share one
 * scope.
 */
public final class ScriptModules {
  private static final Pattern IMPORT =
      Pattern.compile("^import \\{[^}]*\\} from \"([^\"]+)\";\\n", Pattern.MULTILINE);
  private static final Pattern EXPORT = Pattern.compile("^export ", Pattern.MULTILINE);
  private static final Pattern DECLARED =
      Pattern.compile("^(?:function|const|let|class) (\\w+)", Pattern.MULTILINE);

  private final Map<String, String> modules = new LinkedHashMap<>();
  private final Map<String, String> declared = new LinkedHashMap<>();

  private ScriptModules() {}

  /**
   * The script of some modules and of all that they import.
   *
   * @param entries names of modules below {@code js/}
   * @throws IllegalStateException if two modules declare the same name at their top level
   */
  public static String of(List<String> entries) {
    ScriptModules script = new ScriptModules();
    entries.forEach(script::add);
    return "\"use strict\";\n" + String.join("\n", script.modules.values());
  }

  private void add(String name) {
    if (modules.containsKey(name)) {
      return;
    }
    String text = LessonResources.text("js/" + name);
    Matcher imported = IMPORT.matcher(text);
    while (imported.find()) {
      add(resolved(name, imported.group(1)));
    }
    String body = EXPORT.matcher(IMPORT.matcher(text).replaceAll("")).replaceAll("");
    Matcher names = DECLARED.matcher(body);
    while (names.find()) {
      String before = declared.putIfAbsent(names.group(1), name);
      if (before != null) {
        throw new IllegalStateException(
            "%s and %s both declare %s".formatted(before, name, names.group(1)));
      }
    }
    modules.put(name, body);
  }

  /** The module that an import means: {@code ../a/b.js} in {@code c/d.js} is {@code a/b.js}. */
  private static String resolved(String from, String to) {
    List<String> path = new ArrayList<>(List.of(from.split("/", -1)));
    path.remove(path.size() - 1);
    for (String part : to.split("/", -1)) {
      if (part.equals("..")) {
        path.remove(path.size() - 1);
      } else if (!part.equals(".")) {
        path.add(part);
      }
    }
    return String.join("/", path);
  }
}
