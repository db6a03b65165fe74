package dev.helix.runtime.lesson;

/**
 * The lines of source that compute what a step shows, cut out of the file that was built with this
 * program.
 *
 * @param place the class and its method, as the page names them
 * @param law the law that holds what the step claims
 * @param paper section of the paper
 * @param command what shows the same on the console; empty if nothing does
 * @param source the lines
 */
record StepSource(String place, String law, String paper, String command, String source) {
  /**
   * Cuts a method out.
   *
   * @param file path of the source file below the attention module's package
   * @param begins how the method's first line begins, after its indentation
   */
  static StepSource of(String file, String begins, String law, String paper, String command) {
    String place =
        file.replaceAll(".*/|\\.java", "") + ", " + begins.replaceAll(".* (\\w+)\\($", "$1");
    return new StepSource(place, law, paper, command, method(file, begins));
  }

  private static String method(String file, String begins) {
    String text = LessonResources.text("source/" + file);
    int at = text.indexOf("  " + begins);
    if (at < 0) {
      throw new IllegalStateException(file + " has no line that begins with " + begins);
    }
    int from = text.lastIndexOf('\n', at) + 1;
    int depth = 0;
    for (int i = text.indexOf('{', at); i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return text.substring(from, i + 1).stripIndent();
      }
    }
    throw new IllegalStateException(file + ": the method at " + begins + " does not end");
  }
}
