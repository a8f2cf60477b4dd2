// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Visits the console without a browser, by requests as they come over the wire. */
final class RawVisitor {
  private static final Pattern NONCE = Pattern.compile("nonce=\"([^\"]+)\"");

  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\"[^>]* value=\"([^\"]*)\"");

  /** Between two answers; in no page. */
  private static final String END = "<!-- and the next -->";

  private final String base;
  private final Path cookies;

  RawVisitor(String base, Path directory) throws IOException {
    this.base = base;
    this.cookies = Files.createTempFile(directory, "cookies", "");
  }

  /** Fills a form of a page as a browser does: fetches it, sends it back with its hidden fields. */
  String submit(String path, String form, String button, String... fields) {
    List<String> words = new ArrayList<>();
    String page = body(get(path));
    // As the page's scripts do it: what answers is rendered under the policy of this page.
    Matcher nonce = NONCE.matcher(page);
    if (nonce.find()) {
      words.addAll(List.of("--data-urlencode", "primefaces.nonce=" + nonce.group(1)));
    }
    Matcher hidden = HIDDEN.matcher(page);
    while (hidden.find()) {
      words.addAll(List.of("--data-urlencode", hidden.group(1) + "=" + unescape(hidden.group(2))));
    }
    for (String field : fields) {
      words.addAll(List.of("--data-urlencode", form + ":" + field));
    }
    words.addAll(List.of("--data-urlencode", form + ":" + button + "=", base + path));
    return ask(words.toArray(String[]::new));
  }

  /** Status line, headers and body of the answer. */
  String get(String path, String... options) {
    List<String> words = new ArrayList<>(Arrays.asList(options));
    words.add(base + path);
    return ask(words.toArray(String[]::new));
  }

  /** The bodies of answers, by path. */
  Map<String, String> bodies(Collection<String> paths) {
    List<String> words = new ArrayList<>(List.of("-w", END));
    paths.forEach(path -> words.add(base + path));
    String[] bodies = curl("-ks", words.toArray(String[]::new)).split(END, -1);
    Map<String, String> found = new TreeMap<>();
    int i = 0;
    for (String path : paths) {
      found.put(path, bodies[i++]);
    }
    return found;
  }

  /** The status codes of answers, by path. */
  Map<String, Integer> statuses(List<String> paths) {
    List<String> words = new ArrayList<>(List.of("-w", "%{http_code}\\n"));
    for (String path : paths) {
      words.addAll(List.of("-o", "/dev/null", base + path));
    }
    List<String> codes = curl("-ks", words.toArray(String[]::new)).lines().toList();
    Map<String, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < paths.size(); i++) {
      statuses.put(paths.get(i), Integer.valueOf(codes.get(i)));
    }
    return statuses;
  }

  private String ask(String... words) {
    return curl("-ksi", words);
  }

  private String curl(String how, String... words) {
    List<String> all =
        new ArrayList<>(
            List.of("curl", how, "--http1.1", "--max-time", "30", "-b", cookies.toString()));
    all.addAll(List.of("-c", cookies.toString()));
    all.addAll(Arrays.asList(words));
    return Machine.succeed(all);
  }

  private static String unescape(String html) {
    return Pattern.compile("&#([0-9]+);")
        .matcher(html)
        .replaceAll(code -> Character.toString(Integer.parseInt(code.group(1))))
        .replace("&amp;", "&");
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }
}
