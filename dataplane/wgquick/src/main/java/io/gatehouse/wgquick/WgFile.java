// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A configuration file of wg(8), as {@code setconf}, {@code addconf} and {@code syncconf} read it:
 * a wg-quick file without the keys of wg-quick, which wg refuses. Immutable.
 *
 * <p>The file may have any name, and need not have an {@code [Interface]} section.
 */
public final class WgFile {
  private final List<Finding> findings;
  private final Optional<WgConfig> config;

  private WgFile(List<Finding> findings, Optional<WgConfig> config) {
    this.findings = findings;
    this.config = config;
  }

  /**
   * Reads a file. Never fails: whatever is wrong is in {@link #findings}.
   *
   * @param fileName only shown in findings
   * @param bytes not kept; not limited in size here
   */
  public static WgFile parse(String fileName, byte[] bytes) {
    Findings said = new Findings(fileName);
    List<Line> lines =
        Line.split(new String(bytes, StandardCharsets.ISO_8859_1)).stream()
            .map(Line::untilNul)
            .toList();
    Optional<WgConfig> config =
        ConfigReader.read(lines, Block.of(lines), said, ConfigReader.Dialect.WG)
            .map(TunnelConfig::wg);
    return new WgFile(said.inOrder(), config);
  }

  /** What is to be said, by line. */
  public List<Finding> findings() {
    return findings;
  }

  /** What the file says; empty when there is an error among the findings. */
  public Optional<WgConfig> config() {
    return config;
  }
}
