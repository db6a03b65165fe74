package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real browser that shows the lesson. Without Chromium and its driver a test is skipped, unless
 * {@code -Dhelix.browser=required}.
 */
final class LessonBrowser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  /** Far beyond what a slow machine needs: only a page that hangs reaches it. */
  private static final Duration HANGS = Duration.ofMinutes(2);

  /** Whether nothing of the step is still computed; and what a script calls at its end. */
  private static final String SETTLED =
      "const done = arguments[arguments.length - 1];"
          + "const settled = () => ![...document.querySelectorAll('.step p, .step td')]"
          + ".some((e) => e.textContent.includes('…'));";

  private final ChromeDriver driver;
  private final String page;

  private LessonBrowser(ChromeDriver driver, String page) {
    this.driver = driver;
    this.page = page;
  }

  /**
   * Opens a browser.
   *
   * @param profile an empty folder
   */
  static LessonBrowser open(Path page, Path profile) {
    boolean there = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    if (!"required".equals(System.getProperty("helix.browser"))) {
      assumeTrue(there, "skipped: no " + CHROMIUM + " with " + DRIVER + " on this machine");
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        // Containers have a small one.
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A colour that is still on its way has another contrast.
        "--force-prefers-reduced-motion",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withTimeout(HANGS)
                .build(),
            options);
    driver.manage().timeouts().scriptTimeout(HANGS).pageLoadTimeout(HANGS);
    return new LessonBrowser(driver, page.toUri().toString());
  }

  /** Opens the page anew at an address. */
  void go(String query, String address) {
    driver.get("about:blank");
    driver.get(page + query + address);
    awaitDecodes();
  }

  /** Waits for what the page computes after it has drawn, and then draws again. */
  void awaitDecodes() {
    later(
        SETTLED + "const wait = () => settled() ? done() : setTimeout(wait, 10);setTimeout(wait);");
  }

  /** Shows what a page that was just opened would show at an address, without loading it again. */
  void show(String address) {
    script(
        "document.activeElement.blur();const given = arguments[0].slice(1).split('&').map((pair) =>"
            + " pair.split('=')[0]);const usual = {s: 1, kvp: 4, run: 16, m: 'right', lang: 'en',"
            + " digits: 6, moved: '', bets: '', read: 'bets', mode: 'plain', story:"
            + " JSON.parse(document.getElementById('data').textContent).usual.story};const rest ="
            + " Object.entries(usual).filter(([name]) => !given.includes(name)).map(([name, value])"
            + " => '&' + name + '=' + encodeURIComponent(value)).join('');location.hash ="
            + " '';location.hash = arguments[0] + rest;",
        address);
  }

  /** Sets the width that the page is laid out in, which may be less than a window's. */
  void layOut(int width) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Waits for an element that is there only when the page has come so far. */
  void await(String selector) {
    look(selector, "true");
  }

  /** The text that a reader sees of the first such element, with plain spaces. */
  String text(String selector) {
    return look(selector, "e.innerText.replaceAll('\u00a0', ' ')").toString();
  }

  /** An attribute of the first such element. */
  String attribute(String selector, String name) {
    return look(selector, "e.getAttribute('" + name + "')").toString();
  }

  /** What is chosen in, or written into, the first such field. */
  String value(String selector) {
    return look(selector, "e.value").toString();
  }

  boolean isShown(String selector) {
    return look(selector, "e.getClientRects().length > 0").equals(true);
  }

  /**
   * Looks at an element as soon as it is there and nothing of the page is still computed. Waiting
   * and looking are one command, since a page may draw anew between two.
   *
   * @param wanted what is asked of the element, which is named e
   */
  private Object look(String selector, String wanted) {
    return later(
        SETTLED
            + "const look = () => {const e = document.querySelector(arguments[0]);"
            + "return e !== null && settled() ? done("
            + wanted
            + ") : setTimeout(look, 10); };look();",
        selector);
  }

  /** Presses keys where the keyboard is. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Goes to a field and presses keys there. */
  void type(String id, CharSequence... keys) {
    script("document.getElementById(arguments[0]).focus();", id);
    press(keys);
  }

  /** Presses a button with the mouse, and lets it go after something else has happened. */
  void hold(String selector, Runnable meanwhile) {
    await(selector);
    new Actions(driver).clickAndHold(driver.findElement(By.cssSelector(selector))).perform();
    meanwhile.run();
    new Actions(driver).release().perform();
  }

  Object script(String body, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(body, arguments);
  }

  /** Runs a script whose result comes when it calls its last argument. */
  Object later(String body, Object... arguments) {
    return ((JavascriptExecutor) driver).executeAsyncScript(body, arguments);
  }

  /** What the console has said since the last call. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /**
   * What axe finds against WCAG 2.1 AA, one line for each rule and place.
   *
   * @param without selectors of parts that were looked at before
   */
  @SuppressWarnings("unchecked") // The script returns a list of texts.
  List<String> barriers(String... without) throws IOException {
    if (!Boolean.TRUE.equals(script("return typeof axe === 'object';"))) {
      // A page's security policy does not hold for what the driver runs.
      script(axe() + ";window.axe = axe;");
    }
    return (List<String>)
        later(
            "const done = arguments[1];"
                + "axe.run({include: [['html']], exclude: arguments[0].map(s => [s])},"
                + " {resultTypes: ['violations'],"
                + " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
                + ".then(r => done(r.violations.flatMap(v => v.nodes.map("
                + "n => v.id + ': ' + n.html.slice(0, 200) + ' ' + n.failureSummary))))"
                + ".catch(e => done(['axe failed: ' + e]));",
            List.of(without));
  }

  /** Clicks every button that saves a figure; gives the drawings. */
  @SuppressWarnings("unchecked") // The script returns a list of texts.
  List<String> drawings() {
    return (List<String>)
        later(
            "const done = arguments[0];const blobs = [];const {createObjectURL} = URL;const"
                + " {click} = HTMLAnchorElement.prototype;URL.createObjectURL = (blob) => {"
                + " blobs.push(blob); return 'blob:' + blobs.length;"
                + " };HTMLAnchorElement.prototype.click = () =>"
                + " {};document.querySelectorAll('.save').forEach((button) =>"
                + " button.click());URL.createObjectURL ="
                + " createObjectURL;HTMLAnchorElement.prototype.click ="
                + " click;Promise.all(blobs.map((blob) => blob.text())).then(done);");
  }

  private static String axe() throws IOException {
    try (InputStream in = LessonBrowser.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** By how many pixels the page is wider than its window. */
  Object sideways() {
    return script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth;");
  }

  /** The page as it is printed, in PDF. */
  byte[] printed() {
    Object data = driver.executeCdpCommand("Page.printToPDF", Map.of()).get("data");
    return Base64.getDecoder().decode(data.toString());
  }

  @Override
  public void close() {
    driver.quit();
  }
}
