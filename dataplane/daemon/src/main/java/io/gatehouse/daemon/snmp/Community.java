// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import io.gatehouse.daemon.tunnels.AtomicFile;
import io.gatehouse.wgquick.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snmp4j.agent.mo.snmp.CoexistenceInfo;
import org.snmp4j.agent.mo.snmp.CoexistenceInfoProvider;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;

/**
 * SNMPv2c for stations that know nothing better: one community, random, in a file that only the
 * administrator can read, and good from listed sources alone. Everything goes in clear.
 */
final class Community implements CoexistenceInfoProvider {
  /** The security name of whoever knows the community. */
  static final OctetString SECURITY_NAME = new OctetString("v2c");

  private static final int RANDOM_OCTETS = 16;
  private static final int SHORTEST = 16;

  private final byte[] community;
  private final OctetString engine;
  private final List<Prefix> sources;

  private Community(byte[] community, Engine engine, List<Prefix> sources) {
    this.community = community;
    this.engine = new OctetString(engine.id());
    this.sources = List.copyOf(sources);
  }

  /**
   * Reads the community, or makes one.
   *
   * @param file one line; made when missing
   * @throws IOException if it is too short, or cannot be read or written
   */
  static Community load(Path file, Engine engine, List<Prefix> sources) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[RANDOM_OCTETS];
      new SecureRandom().nextBytes(random);
      AtomicFile.write(
          file, (HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String text = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (text.length() < SHORTEST) {
      throw new IOException(
          file
              + ":1: the community is shorter than "
              + SHORTEST
              + " characters; remove the file and a random one is made");
    }
    return new Community(text.getBytes(StandardCharsets.UTF_8), engine, sources);
  }

  @Override
  public CoexistenceInfo @Nullable [] getCoexistenceInfo(OctetString said) {
    return MessageDigest.isEqual(community, said.getValue())
        ? new CoexistenceInfo[] {new CoexistenceInfo(SECURITY_NAME, engine, new OctetString())}
        : null;
  }

  @Override
  public OctetString getCommunity(OctetString user, OctetString engineId, OctetString context) {
    return new OctetString(community);
  }

  @Override
  public boolean passesFilter(Address address, CoexistenceInfo info) {
    if (!(address instanceof UdpAddress udp)) {
      return false;
    }
    InetAddress from = udp.getInetAddress();
    Prefix source = new Prefix(from, from.getAddress().length * 8);
    return sources.stream().anyMatch(prefix -> prefix.contains(source));
  }
}
