package dev.helix.runtime.lesson;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** The lesson as one file of HTML, which needs no network and says so in its security policy. */
public final class LessonPage {
  private LessonPage() {}

  /** Puts the page together. The same program gives the same bytes each time. */
  public static String html() {
    String script = "(() => {\n" + ScriptModules.of(List.of("view/main.js")) + "})();\n";
    String style = "\n" + LessonResources.text("page.css");
    // Within a script element no text may look like its end.
    String data = LessonData.json().replace("<", "\\u003c");
    return LessonResources.text("page.html")
        .replace("{script-hash}", hash(script))
        .replace("{style-hash}", hash(style))
        .replace("{style}", style)
        .replace("{data}", data)
        .replace("{script}", script);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
