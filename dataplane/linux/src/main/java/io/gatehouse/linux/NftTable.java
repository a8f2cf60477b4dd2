// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

/**
 * Words of libnftables-json(5) about one table. They are made of checked values alone: nothing in
 * them has to be escaped, as interface names and our own words have neither quotes nor backslashes.
 *
 * @param family {@code ip}, {@code ip6} or {@code inet}
 * @param name of the table
 */
record NftTable(String family, String name) {
  /** Commands that leave the table there and empty, whatever was there before. */
  String replace() {
    // Adding what is there does nothing, so deleting cannot fail.
    return table("add") + "," + table("delete") + "," + table("add");
  }

  /** Removes the table; does nothing where there is none. */
  void remove() throws LinuxException {
    Nftables.run(table("add") + "," + table("delete"), "cannot remove the nftables table " + name);
  }

  /** A command that makes a base chain, which lets pass what none of its rules decides about. */
  String chain(String chain, String type, String hook, int priority) {
    return "{\"add\":{\"chain\":{"
        + within()
        + ",\"name\":"
        + quoted(chain)
        + ",\"type\":"
        + quoted(type)
        + ",\"hook\":"
        + quoted(hook)
        + ",\"prio\":"
        + priority
        + "}}}";
  }

  /** A command that makes a chain to go to from others. */
  String chain(String chain) {
    return "{\"add\":{\"chain\":{" + within() + ",\"name\":" + quoted(chain) + "}}}";
  }

  /** A command that adds a rule at the end of a chain. */
  String rule(String chain, String... statements) {
    return "{\"add\":{\"rule\":{"
        + within()
        + ",\"chain\":"
        + quoted(chain)
        + ",\"expr\":["
        + String.join(",", statements)
        + "]}}}";
  }

  static String match(String operator, String left, String right) {
    return "{\"match\":{\"op\":"
        + quoted(operator)
        + ",\"left\":"
        + left
        + ",\"right\":"
        + right
        + "}}";
  }

  static String meta(String key) {
    return "{\"meta\":{\"key\":" + quoted(key) + "}}";
  }

  static String ct(String key) {
    return "{\"ct\":{\"key\":" + quoted(key) + "}}";
  }

  static String payload(String protocol, String field) {
    return "{\"payload\":{\"protocol\":" + quoted(protocol) + ",\"field\":" + quoted(field) + "}}";
  }

  static String quoted(String text) {
    return '"' + text + '"';
  }

  private String table(String verb) {
    return "{\""
        + verb
        + "\":{\"table\":{\"family\":"
        + quoted(family)
        + ",\"name\":"
        + quoted(name)
        + "}}}";
  }

  private String within() {
    return "\"family\":" + quoted(family) + ",\"table\":" + quoted(name);
  }
}
