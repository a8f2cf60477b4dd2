// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.history;

import io.gatehouse.wgquick.WgQuickFile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/**
 * The id that git gives a directory of files (gitformat-pack(5), "tree"), computed without JGit: so
 * a start that finds nothing changed need not load it.
 */
final class GitTree {
  private GitTree() {}

  /** As 40 hexadecimal digits. */
  static String id(SortedMap<String, WgQuickFile> files) {
    ByteArrayOutputStream tree = new ByteArrayOutputStream();
    for (Map.Entry<String, WgQuickFile> file : files.entrySet()) {
      byte[] content = file.getValue().bytes();
      tree.writeBytes(("100644 " + file.getKey() + "\0").getBytes(StandardCharsets.UTF_8));
      tree.writeBytes(object("blob", content));
      Arrays.fill(content, (byte) 0);
    }
    return HexFormat.of().formatHex(object("tree", tree.toByteArray()));
  }

  /** The id that git gives the content of a file. */
  static String blob(byte[] content) {
    return HexFormat.of().formatHex(object("blob", content));
  }

  private static byte[] object(String type, byte[] content) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update((type + " " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return sha1.digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
