package dev.helix.runtime.cli.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What opens a page on which system, and where there is no desktop. */
class DesktopBrowserTest {
  private static final String PAGE = "file:///lesson.html";

  private static Optional<List<String>> command(String system, Map<String, String> environment) {
    return new DesktopBrowser(system, environment).command(PAGE);
  }

  @Test
  void withoutADisplayThereIsNoBrowser() {
    assertEquals(Optional.empty(), command("Linux", Map.of()));
    assertEquals(Optional.empty(), command("FreeBSD", Map.of("DISPLAY", "")));
  }

  @Test
  void everySystemHasItsCommand() {
    Optional<List<String>> opened = Optional.of(List.of("xdg-open", PAGE));
    assertEquals(opened, command("Linux", Map.of("DISPLAY", ":0")));
    assertEquals(opened, command("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0", "DISPLAY", "")));
    assertEquals(opened, command("Linux", Map.of("BROWSER", "w3m")));
    assertEquals(Optional.of(List.of("open", PAGE)), command("Mac OS X", Map.of()));
    assertEquals(
        Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler", PAGE)),
        command("Windows 11", Map.of()));
  }
}
