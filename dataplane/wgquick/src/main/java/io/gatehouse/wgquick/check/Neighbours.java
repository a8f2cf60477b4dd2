// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.wgquick.check;

import io.gatehouse.wgquick.Prefix;
import io.gatehouse.wgquick.SecretKey;
import io.gatehouse.wgquick.TunnelConfig;
import io.gatehouse.wgquick.WgQuickFile;
import io.gatehouse.wgquick.WgQuickFile.WrittenPrefix;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Many files of one machine, so that one of them can be checked without looking at all: it is
 * compared only with those that share a port, a key, an address or a part of a network with it.
 * Where many share the same, one of them stands for all, as {@link Checks} name no more than one.
 *
 * <p>The findings are the same as if all had been compared ({@code NeighboursTest}). Files have
 * their places in the order of their names. One thread.
 */
public final class Neighbours {
  /** A port, a private key or an address: what is either the same or not. */
  private record Thing(Object what) {}

  /** What of a file others may share. */
  private record Shared(
      WgQuickFile file, Set<Thing> things, Set<Prefix> routes, Set<Prefix> networks) {}

  /** The names of those that have the same, the first of which stands for all. */
  private static final class Holders {
    final NavigableSet<String> names = new TreeSet<>();

    /** The one that a file is compared with, if there is another. */
    Optional<String> firstBeside(String name) {
      return names.stream().filter(other -> !other.equals(name)).findFirst();
    }

    /** Those that are compared with a file which is among them. */
    Collection<String> comparedWith(String name) {
      if (names.first().equals(name)) {
        return names;
      }
      return Objects.equals(names.higher(names.first()), name) ? List.of(names.first()) : List.of();
    }
  }

  /** Prefixes with their holders; finds those around one and those inside. */
  private static final class Prefixes {
    private final TreeMap<Prefix, Holders> holders = new TreeMap<>(Nesting.ORDER);
    private final Map<Integer, Integer> lengths = new TreeMap<>();

    void add(Prefix prefix, String name) {
      Holders of =
          holders.computeIfAbsent(
              prefix,
              p -> {
                lengths.merge(p.length(), 1, Integer::sum);
                return new Holders();
              });
      of.names.add(name);
    }

    void remove(Prefix prefix, String name) {
      Holders of = holders.get(prefix);
      if (of != null && of.names.remove(name) && of.names.isEmpty()) {
        holders.remove(prefix);
        lengths.computeIfPresent(prefix.length(), (length, n) -> n == 1 ? null : n - 1);
      }
    }

    Optional<Holders> at(Prefix prefix) {
      return Optional.ofNullable(holders.get(prefix));
    }

    /** The holders of what is around a prefix and of what is inside it. */
    List<Holders> overlapping(Prefix prefix) {
      List<Holders> found = new ArrayList<>();
      for (int length : lengths.keySet()) {
        if (length < prefix.length()) {
          at(new Prefix(prefix.address(), length).masked()).ifPresent(found::add);
        }
      }
      for (Map.Entry<Prefix, Holders> inside : holders.tailMap(prefix, false).entrySet()) {
        if (!prefix.contains(inside.getKey())) {
          break;
        }
        found.add(inside.getValue());
      }
      return found;
    }
  }

  private final Map<String, Shared> files = new HashMap<>();
  private final Map<Thing, Holders> things = new HashMap<>();
  private final Prefixes routes = new Prefixes();
  private final Prefixes networks = new Prefixes();

  /** Makes it without a file. */
  public Neighbours() {}

  /** The names of all files. */
  public Set<String> names() {
    return Set.copyOf(files.keySet());
  }

  /** The file of a name. */
  public Optional<WgQuickFile> get(String name) {
    return Optional.ofNullable(files.get(name)).map(Shared::file);
  }

  /**
   * Puts a file in, in place of the one of its name.
   *
   * @param file without an error; others share nothing
   * @return the names of other files about which there may be something else to say from now on
   */
  public Set<String> put(WgQuickFile file) {
    String name = file.fileName();
    Set<String> affected = new HashSet<>(remove(name));
    Shared shared = shared(file);
    files.put(name, shared);
    shared.things.forEach(
        thing -> things.computeIfAbsent(thing, t -> new Holders()).names.add(name));
    shared.routes.forEach(prefix -> routes.add(prefix, name));
    shared.networks.forEach(prefix -> networks.add(prefix, name));
    affected.addAll(affected(shared));
    affected.remove(name);
    return affected;
  }

  /**
   * Takes a file out.
   *
   * @return as {@link #put}
   */
  public Set<String> remove(String name) {
    Shared shared = files.get(name);
    if (shared == null) {
      return Set.of();
    }
    Set<String> affected = affected(shared);
    files.remove(name);
    for (Thing thing : shared.things) {
      Holders of = things.get(thing);
      if (of != null && of.names.remove(name) && of.names.isEmpty()) {
        things.remove(thing);
      }
    }
    shared.routes.forEach(prefix -> routes.remove(prefix, name));
    shared.networks.forEach(prefix -> networks.remove(prefix, name));
    return affected;
  }

  /** Those that a file has to be compared with, itself left out; it need not be among them. */
  public List<WgQuickFile> of(WgQuickFile file) {
    String name = file.fileName();
    Shared shared = shared(file);
    Set<String> found = new TreeSet<>();
    for (Thing thing : shared.things) {
      Optional.ofNullable(things.get(thing))
          .flatMap(of -> of.firstBeside(name))
          .ifPresent(found::add);
    }
    compare(shared.routes, routes, name, found);
    compare(shared.networks, networks, name, found);
    return found.stream().map(files::get).filter(Objects::nonNull).map(Shared::file).toList();
  }

  private static void compare(Set<Prefix> own, Prefixes all, String name, Set<String> found) {
    for (Prefix prefix : own) {
      all.at(prefix).flatMap(of -> of.firstBeside(name)).ifPresent(found::add);
      all.overlapping(prefix).forEach(of -> of.firstBeside(name).ifPresent(found::add));
    }
  }

  /** Those that are compared with a file which is in. */
  private Set<String> affected(Shared shared) {
    String name = shared.file.fileName();
    Set<String> affected = new HashSet<>();
    for (Thing thing : shared.things) {
      affected.addAll(things.getOrDefault(thing, new Holders()).comparedWith(name));
    }
    // Of equal routes only the first one's tunnel counts around and inside of others.
    for (Prefix prefix : shared.routes) {
      routes.at(prefix).ifPresent(of -> affected.addAll(of.comparedWith(name)));
      routes.overlapping(prefix).forEach(of -> of.firstBeside(name).ifPresent(affected::add));
    }
    for (Prefix prefix : shared.networks) {
      networks.at(prefix).ifPresent(of -> affected.addAll(of.names));
      networks.overlapping(prefix).forEach(of -> affected.addAll(of.names));
    }
    affected.remove(name);
    return affected;
  }

  private static Shared shared(WgQuickFile file) {
    Set<Thing> things = new HashSet<>();
    Set<Prefix> routes = new HashSet<>();
    Set<Prefix> networks = new HashSet<>();
    Tunnel.of(file, false)
        .ifPresent(
            tunnel -> {
              TunnelConfig config = tunnel.config;
              config.listenPort().stream()
                  .filter(port -> port != 0)
                  .forEach(port -> things.add(new Thing(port)));
              config
                  .privateKey()
                  .filter(key -> !key.isZero())
                  .ifPresent(key -> things.add(new Thing(digest(key))));
              for (Prefix address : config.addresses()) {
                if (!address.address().isLinkLocalAddress()) {
                  things.add(new Thing(address.address()));
                }
                if (OverlappingNetworks.isNetwork(address)) {
                  networks.add(address.masked());
                }
              }
              if (tunnel.hasMainRoutes()) {
                tunnel.allowedIps.stream().map(WrittenPrefix::prefix).forEach(routes::add);
              }
            });
    return new Shared(file, things, routes, networks);
  }

  /** Tells keys apart without keeping them. */
  private static ByteBuffer digest(SecretKey key) {
    byte[] octets = key.revealOctets();
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}
