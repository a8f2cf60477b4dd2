// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static io.gatehouse.linux.SocketCalls.AF_INET;
import static io.gatehouse.linux.SocketCalls.AF_INET6;
import static io.gatehouse.linux.SocketCalls.SOL_IP;
import static io.gatehouse.linux.SocketCalls.SOL_IPV6;
import static io.gatehouse.linux.SocketCalls.SOL_SOCKET;
import static io.gatehouse.linux.SocketCalls.SOL_UDP;

import com.sun.jna.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A UDP socket on a port of all local addresses, IPv4 and IPv6 by one descriptor where the host has
 * both. Non-blocking; tells the local address and traffic class of each datagram; lets the network
 * fragment (no DF); takes no errors from ICMP.
 *
 * <p>It belongs for life to the network namespace of the thread that bound it. Thread-safe: one
 * {@link UdpReceiveBatch} and any number of {@link UdpSendBatch} may use it at a time. Close it
 * only after they have stopped.
 */
public final class UdpSocket implements AutoCloseable {
  static final int IP_TOS = 1;
  static final int IP_PKTINFO = 8;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IP_RECVERR = 11;
  private static final int IP_RECVTOS = 13;
  private static final int IPV6_MTU_DISCOVER = 23;
  private static final int IPV6_RECVERR = 25;
  private static final int IPV6_V6ONLY = 26;
  private static final int IPV6_RECVPKTINFO = 49;
  static final int IPV6_PKTINFO = 50;
  private static final int IPV6_RECVTCLASS = 66;
  static final int IPV6_TCLASS = 67;
  static final int UDP_SEGMENT = 103;
  static final int UDP_GRO = 104;
  private static final int PMTUDISC_DONT = 0;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt ADDRESS =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int LOOPBACK_ADDRESS = 0x7f00_0001;

  /**
   * How to open it.
   *
   * @param gso whether to send runs of datagrams in one call (UDP_SEGMENT) where possible
   * @param gro whether to receive them so (UDP_GRO); needs Linux 5.12, before that it is faulty
   * @param sendBuffer wanted octets; cut to the system's limit without CAP_NET_ADMIN
   * @param receiveBuffer wanted octets, likewise
   * @param loopback whether it is bound to 127.0.0.1 alone, so that nothing comes from outside of
   *     this machine; no route is chosen there, so marks are left out, which takes no right
   */
  public record Options(
      boolean gso, boolean gro, int sendBuffer, int receiveBuffer, boolean loopback) {
    private static final int BUFFER = 7 << 20;

    /** Everything on, 7 MiB each way. */
    public static final Options DEFAULT = new Options(true, true, BUFFER, BUFFER, false);

    /** One datagram at a time, 7 MiB each way. */
    public static final Options PLAIN = new Options(false, false, BUFFER, BUFFER, false);

    /** One datagram at a time, on 127.0.0.1 alone, with the system's buffers. */
    public static final Options LOOPBACK = new Options(false, false, 0, 0, true);
  }

  private final FileDescriptor descriptor;
  private final boolean ipv6;
  private final int port;
  private final boolean gro;
  private final boolean gso;
  private final boolean loopback;

  private UdpSocket(int fd, boolean ipv6, int port, boolean gso, boolean gro, boolean loopback) {
    this.descriptor = new FileDescriptor(fd);
    this.ipv6 = ipv6;
    this.port = port;
    this.gso = gso;
    this.gro = gro;
    this.loopback = loopback;
  }

  /**
   * Binds in the calling thread's network namespace.
   *
   * @param port 1 to 65535, or 0 for any that is free in both families
   * @throws LinuxException EADDRINUSE when either family's port is taken, EACCES for a port below
   *     1024 without the right
   */
  public static UdpSocket bind(int port, Options options) throws LinuxException {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
    if (options.loopback) {
      return bind(AF_INET, port, options);
    }
    try {
      return bind(AF_INET6, port, options);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EAFNOSUPPORT || e.errno() == Errno.EADDRNOTAVAIL) {
        return bind(AF_INET, port, options);
      }
      throw e;
    }
  }

  /**
   * Binds several sockets to one port (SO_REUSEPORT). The kernel gives each remote address and port
   * to one of them, always the same, so that what one sender sends stays in order. Only programs of
   * the same user that ask for it, too, could join them.
   *
   * @param port as for {@link #bind(int, Options)}
   * @param count how many, at least 1
   * @throws LinuxException as for {@link #bind(int, Options)}; also when one of our own groups has
   *     the port. None is open then.
   */
  public static List<UdpSocket> bindAll(int port, Options options, int count)
      throws LinuxException {
    List<UdpSocket> bound = new ArrayList<>();
    try {
      // The first has the port for itself, or fails; the others may share it with that one.
      UdpSocket first = bind(port, options);
      bound.add(first);
      if (count > 1) {
        String attempt = "cannot share UDP port " + first.port;
        require(first.fd(), SOL_SOCKET, SocketCalls.SO_REUSEPORT, 1, attempt);
        int family = first.ipv6 ? AF_INET6 : AF_INET;
        while (bound.size() < count) {
          bound.add(bind(family, first.port, options, true));
        }
      }
      return List.copyOf(bound);
    } catch (LinuxException | RuntimeException e) {
      bound.forEach(UdpSocket::close);
      throw e;
    }
  }

  static UdpSocket bind(int family, int port, Options options) throws LinuxException {
    return bind(family, port, options, false);
  }

  private static UdpSocket bind(int family, int port, Options options, boolean shared)
      throws LinuxException {
    String attempt = "cannot bind UDP port " + port;
    int fd =
        SocketCalls.socket(
            family,
            SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_NONBLOCK | SocketCalls.SOCK_CLOEXEC,
            0);
    if (fd < 0) {
      throw LinuxException.last(attempt);
    }
    boolean ipv6 = family == AF_INET6;
    try (Arena arena = Arena.ofConfined()) {
      if (shared) {
        require(fd, SOL_SOCKET, SocketCalls.SO_REUSEPORT, 1, attempt);
      }
      if (ipv6) {
        require(fd, SOL_IPV6, IPV6_V6ONLY, 0, attempt);
        require(fd, SOL_IPV6, IPV6_RECVPKTINFO, 1, attempt);
        require(fd, SOL_IPV6, IPV6_RECVTCLASS, 1, attempt);
        require(fd, SOL_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_DONT, attempt);
        require(fd, SOL_IPV6, IPV6_RECVERR, 0, attempt);
      } else {
        // A dual-stack socket tells an IPv4 destination by its IPv6 option too.
        require(fd, SOL_IP, IP_PKTINFO, 1, attempt);
      }
      require(fd, SOL_IP, IP_RECVTOS, 1, attempt);
      require(fd, SOL_IP, IP_MTU_DISCOVER, PMTUDISC_DONT, attempt);
      require(fd, SOL_IP, IP_RECVERR, 0, attempt);
      buffer(fd, SocketCalls.SO_SNDBUFFORCE, SocketCalls.SO_SNDBUF, options.sendBuffer);
      buffer(fd, SocketCalls.SO_RCVBUFFORCE, SocketCalls.SO_RCVBUF, options.receiveBuffer);
      // Setting 0 keeps it off as the socket's default and still tells whether the kernel knows it.
      boolean gso = options.gso && SocketCalls.setOption(fd, SOL_UDP, UDP_SEGMENT, 0) == 0;
      boolean gro =
          options.gro
              && KernelVersion.atLeast(5, 12)
              && SocketCalls.setOption(fd, SOL_UDP, UDP_GRO, 1) == 0;

      MemorySegment address = arena.allocate(32, 8);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) family);
      address.set(PORT, 2, (short) port);
      if (options.loopback) {
        address.set(ADDRESS, 4, LOOPBACK_ADDRESS);
      }
      if (SocketCalls.bind(fd, address.address(), ipv6 ? 28 : 16) < 0) {
        throw refused(Native.getLastError(), port, attempt);
      }
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 32);
      if (SocketCalls.getsockname(fd, address.address(), length.address()) < 0) {
        throw LinuxException.last(attempt);
      }
      return new UdpSocket(fd, ipv6, address.get(PORT, 2) & 0xffff, gso, gro, options.loopback);
    } catch (LinuxException | RuntimeException e) {
      LibC.close(fd);
      throw e;
    }
  }

  private static void require(int fd, int level, int name, int value, String attempt)
      throws LinuxException {
    int result = SocketCalls.setOption(fd, level, name, value);
    if (result < 0) {
      throw LinuxException.of(-result, attempt + " (socket option " + level + "/" + name + ")");
    }
  }

  private static void buffer(int fd, int force, int plain, int octets) {
    if (octets > 0 && SocketCalls.setOption(fd, SOL_SOCKET, force, octets) < 0) {
      SocketCalls.setOption(fd, SOL_SOCKET, plain, octets);
    }
  }

  private static LinuxException refused(int errno, int port, String attempt) {
    return new LinuxException(
        errno,
        attempt,
        switch (errno) {
          case Errno.EADDRINUSE ->
              "another program has this port (ss -ulpn sport = :" + port + "); choose another one";
          case Errno.EACCES -> "a port below 1024 needs CAP_NET_BIND_SERVICE";
          default -> "";
        });
  }

  /** The local port, 1 to 65535. */
  public int port() {
    return port;
  }

  /** The descriptor; -1 once closed. */
  public int fd() {
    return descriptor.get();
  }

  /** Whether it carries IPv6 beside IPv4. */
  public boolean ipv6() {
    return ipv6;
  }

  /**
   * Marks all that is sent from now on (SO_MARK), for routing rules; 0 takes the mark away.
   *
   * @param mark 32 bits, unsigned
   * @throws LinuxException EPERM without CAP_NET_ADMIN
   */
  public void fwMark(int mark) throws LinuxException {
    if (loopback) {
      return;
    }
    require(
        descriptor.get(),
        SOL_SOCKET,
        SocketCalls.SO_MARK,
        mark,
        "cannot set fwmark 0x" + Integer.toHexString(mark) + " on UDP port " + port);
  }

  /** Whether runs are sent in one call, where the way to their destination allows it. */
  public boolean gso() {
    return gso;
  }

  /** Whether runs are received in one call. */
  public boolean gro() {
    return gro;
  }

  /** Closes the descriptor and frees the port. */
  @Override
  public void close() {
    descriptor.close();
  }
}
