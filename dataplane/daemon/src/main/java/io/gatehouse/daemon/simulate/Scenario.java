// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.simulate;

import io.gatehouse.wgquick.IpLiteral;
import io.gatehouse.wgquick.PublicKey;
import io.gatehouse.wgquick.SecretKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * Who is there: a tunnel of people on the road and one between sites, with their peers. The same
 * seed gives the same keys, so they are known to everybody and worth nothing.
 */
final class Scenario {
  private static final String ROAD = "road";
  private static final String SITES = "sites";
  private static final int ROAD_PORT = 52820;
  private static final int SITES_PORT = 52821;

  /** Site ports, which the gateway's file names as endpoints. */
  private static final int FIRST_SITE_PORT = 52831;

  /** In the network that the gateway itself stands in. */
  private static final InetAddress OFFICE = IpLiteral.parse("192.168.70.10");

  private static final InetAddress LYON = IpLiteral.parse("192.168.71.10");

  /** A key pair. */
  private record Keys(SecretKey secret, PublicKey shown) {}

  /**
   * A peer that is played.
   *
   * @param name for messages
   * @param key its own
   * @param gateway whom it calls
   * @param gatewayPort on 127.0.0.1
   * @param presharedKey that it believes in; all zero for none
   * @param inside its address in the tunnel
   * @param asks whom it asks for data
   * @param port its own, 0 for any
   * @param habit how it behaves
   * @param phase of the habit
   */
  record Role(
      String name,
      SecretKey key,
      PublicKey gateway,
      int gatewayPort,
      SecretKey presharedKey,
      InetAddress inside,
      InetAddress asks,
      int port,
      Habit habit,
      int phase) {}

  private final Random random;
  private final List<Role> roles = new ArrayList<>();
  private final Map<String, String> files = new TreeMap<>();

  private Scenario(long seed) {
    random = new Random(seed);
    road();
    sites();
  }

  /** That of a seed. */
  static Scenario of(long seed) {
    return new Scenario(seed);
  }

  /** The peers. */
  List<Role> roles() {
    return List.copyOf(roles);
  }

  /** The gateway's wg-quick files by their names. */
  Map<String, String> files() {
    return Map.copyOf(files);
  }

  private void road() {
    Keys gateway = keys();
    StringBuilder file =
        new StringBuilder(
            """
            # Made by the simulation: everybody knows these keys.
            [Interface]
            # gatehouse.note = People on the road, all of them simulated
            # gatehouse.endpoint = vpn.example.org
            PrivateKey = %s
            Address = 10.70.0.1/24
            ListenPort = %d
            """
                .formatted(gateway.secret().revealBase64(), ROAD_PORT));
    person(file, gateway, "Alice", Habit.WORKS, OFFICE, "# gatehouse.tags = laptops");
    person(file, gateway, "Bob", Habit.WORKS, LYON, "# gatehouse.tags = laptops");
    person(file, gateway, "Carol", Habit.TALKS, OFFICE, "# gatehouse.tags = phones");
    person(file, gateway, "Dave", Habit.COMES_AND_GOES, OFFICE, "# gatehouse.tags = laptops");
    person(file, gateway, "Erin", Habit.COMES_AND_GOES, OFFICE, "# gatehouse.tags = phones");
    person(file, gateway, "Frank", Habit.ROAMS, OFFICE, "# gatehouse.tags = phones, on the train");
    person(file, gateway, "Grace", Habit.DOWNLOADS, OFFICE, "# gatehouse.quota = 50 MiB/day");
    person(file, gateway, "Heidi", Habit.WORKS, OFFICE, "# gatehouse.quota = 2 GiB/month");
    person(file, gateway, "Ivan", Habit.STAYS_AWAY, OFFICE, "# gatehouse.note = on leave");
    person(
        file,
        gateway,
        "Judy",
        Habit.COMES_AND_GOES,
        OFFICE,
        "# gatehouse.expires = 2026-01-01T00:00:00Z");
    person(file, gateway, "Mallory", Habit.MISBEHAVES, OFFICE, "# gatehouse.note = misbehaves");
    String before = file.toString();
    person(file, gateway, "Niaj", Habit.STAYS_AWAY, OFFICE, "# gatehouse.note = lost the laptop");
    String disabled = file.substring(before.length()).strip().replaceAll("(?m)^", "#[disabled] ");
    files.put(ROAD + ".conf", before + "\n" + disabled + "\n");
    // Knows the gateway, and the gateway does not know him.
    role("a stranger", keys(), gateway, ROAD_PORT, none(), "10.70.0.99", OFFICE, 0, Habit.TALKS);
  }

  private void person(
      StringBuilder file, Keys gateway, String name, Habit habit, InetAddress asks, String line) {
    Keys own = keys();
    String inside = "10.70.0." + (roles.size() + 2);
    role(name, own, gateway, ROAD_PORT, none(), inside, asks, 0, habit);
    file.append(
        """

        [Peer]
        # friendly_name = %s
        %s
        PublicKey = %s
        AllowedIPs = %s/32
        """
            .formatted(name, line, own.shown(), inside));
  }

  private void sites() {
    Keys gateway = keys();
    StringBuilder file =
        new StringBuilder(
            """
            # Made by the simulation: everybody knows these keys.
            [Interface]
            # gatehouse.note = Two sites, both of them simulated
            PrivateKey = %s
            Address = 10.71.0.1/24
            ListenPort = %d
            """
                .formatted(gateway.secret().revealBase64(), SITES_PORT));
    SecretKey shared = secret();
    site(file, gateway, "Lyon", shared, shared, "192.168.71", Habit.WORKS);
    // Both sides have a preshared key, and not the same one.
    site(file, gateway, "Oslo", secret(), secret(), "192.168.72", Habit.LISTENS);
    files.put(SITES + ".conf", file.toString());
  }

  private void site(
      StringBuilder file,
      Keys gateway,
      String name,
      SecretKey gatewaysKey,
      SecretKey sitesKey,
      String network,
      Habit habit) {
    Keys own = keys();
    int port = FIRST_SITE_PORT + (int) roles.stream().filter(role -> role.port() != 0).count();
    role(name, own, gateway, SITES_PORT, sitesKey, network + ".10", OFFICE, port, habit);
    file.append(
        """

        [Peer]
        # friendly_name = %s
        PublicKey = %s
        PresharedKey = %s
        AllowedIPs = %s.0/24
        Endpoint = 127.0.0.1:%d
        PersistentKeepalive = 25
        """
            .formatted(name, own.shown(), gatewaysKey.revealBase64(), network, port));
  }

  private void role(
      String name,
      Keys own,
      Keys gateway,
      int gatewayPort,
      SecretKey presharedKey,
      String inside,
      InetAddress asks,
      int port,
      Habit habit) {
    roles.add(
        new Role(
            name,
            own.secret(),
            gateway.shown(),
            gatewayPort,
            presharedKey,
            IpLiteral.parse(inside),
            asks,
            port,
            habit,
            random.nextInt(240)));
  }

  private static SecretKey none() {
    return SecretKey.of(new byte[SecretKey.LENGTH]);
  }

  private SecretKey secret() {
    byte[] octets = new byte[SecretKey.LENGTH];
    random.nextBytes(octets);
    return SecretKey.of(octets);
  }

  private Keys keys() {
    byte[] octets = new byte[SecretKey.LENGTH];
    random.nextBytes(octets);
    // As RFC 7748, section 5, has it.
    octets[0] &= (byte) 248;
    octets[31] = (byte) (octets[31] & 127 | 64);
    byte[] point = new byte[PublicKey.LENGTH];
    X25519.scalarMultBase(octets, 0, point, 0);
    return new Keys(SecretKey.of(octets), PublicKey.of(point));
  }
}
