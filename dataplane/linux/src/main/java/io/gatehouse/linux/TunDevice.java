// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import com.sun.jna.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A TUN device (Documentation/networking/tuntap.rst), or one queue of it: whole IP packets in and
 * out, each behind a virtio_net_hdr when {@link #vnetHeader} says so. It lives as long as a
 * descriptor of it is open.
 *
 * <p>Non-blocking. One thread may read while another writes; several writers are safe too, since
 * each call carries whole packets. Reads and writes allocate nothing. Close it only after the
 * threads that use it have stopped.
 */
public final class TunDevice implements AutoCloseable {
  /** Octets of the virtio_net_hdr before each packet, fields in native byte order. */
  public static final int VNET_HEADER_LENGTH = 10;

  /** Longest interface name in octets (IFNAMSIZ less its zero octet). */
  public static final int MAX_NAME_LENGTH = 15;

  private static final long TUNSETIFF = 0x400454caL;
  private static final long TUNGETFEATURES = 0x800454cfL;
  private static final long TUNSETOFFLOAD = 0x400454d0L;
  private static final long TUNGETIFF = 0x800454d2L;
  private static final long TUNSETVNETHDRSZ = 0x400454d8L;
  private static final long TUNGETDEVNETNS = 0x54e3L;
  private static final int IFF_TUN = 1;
  private static final int IFF_MULTI_QUEUE = 0x100;
  private static final int IFF_TUN_EXCL = 0x8000;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;
  private static final int TUN_F_CSUM = 1;
  private static final int TUN_F_TSO = 2 | 4;
  private static final int TUN_F_USO = 0x20 | 0x40;
  private static final int IFREQ_SIZE = 40;
  private static final int IFREQ_FLAGS = 16;

  /**
   * Which super-packets the kernel may hand over and take: several TCP (TSO) or UDP (USO, Linux 6.2
   * and newer) segments under one header, IPv4 and IPv6 alike, with the checksum left undone.
   *
   * @param tso TCP segmentation
   * @param uso UDP segmentation
   */
  public record Offloads(boolean tso, boolean uso) {
    /** Everything. */
    public static final Offloads ALL = new Offloads(true, true);

    /** Nothing: single packets, checksums done. */
    public static final Offloads NONE = new Offloads(false, false);

    private int flags() {
      return this.equals(NONE) ? 0 : TUN_F_CSUM | (tso ? TUN_F_TSO : 0) | (uso ? TUN_F_USO : 0);
    }
  }

  private final FileDescriptor descriptor;
  private final boolean vnetHeader;
  private final Offloads wanted;
  private final Offloads offloads;

  private TunDevice(int fd, boolean vnetHeader, Offloads wanted, Offloads offloads) {
    this.descriptor = new FileDescriptor(fd);
    this.vnetHeader = vnetHeader;
    this.wanted = wanted;
    this.offloads = offloads;
  }

  /**
   * Makes a device, down and without addresses, in the calling thread's network namespace.
   *
   * @param name up to 15 octets; the kernel replaces a {@code %d} in it by a free number
   * @param wanted offloads to ask for; {@link #offloads} tells what the kernel granted. With {@link
   *     Offloads#NONE} packets come without a virtio-net header.
   * @throws LinuxException EBUSY when another process has the device open, EPERM without
   *     CAP_NET_ADMIN, ENOENT without /dev/net/tun, EINVAL when the name is that of another kind of
   *     interface
   */
  public static TunDevice open(String name, Offloads wanted) throws LinuxException {
    return open(name, wanted, 0);
  }

  /**
   * Makes a device with several queues (IFF_MULTI_QUEUE), in the calling thread's network
   * namespace. A packet to send is read from one of them: the kernel chooses by the packet's flow,
   * and prefers the queue that the other direction of the flow was last written to, so that a flow
   * stays in order. A device that is there already, made with one queue to outlive its program, is
   * used as it is.
   *
   * @param name as for {@link #open(String, Offloads)}
   * @param wanted as for {@link #open(String, Offloads)}
   * @param count how many queues are wanted, at least 1
   * @return the queues, each to be closed; the interface goes with the last of them
   * @throws LinuxException as for {@link #open(String, Offloads)}; nothing is open then
   */
  public static List<TunDevice> openQueues(String name, Offloads wanted, int count)
      throws LinuxException {
    if (count == 1) {
      return List.of(open(name, wanted));
    }
    List<TunDevice> queues = new ArrayList<>();
    try {
      // Without EXCL one would join the queues of another process.
      queues.add(open(name, wanted, IFF_MULTI_QUEUE | IFF_TUN_EXCL));
      String actual = queues.getFirst().name();
      while (queues.size() < count) {
        queues.add(open(actual, wanted, IFF_MULTI_QUEUE));
      }
      return List.copyOf(queues);
    } catch (LinuxException | RuntimeException e) {
      queues.forEach(TunDevice::close);
      if (queues.isEmpty()
          && e instanceof LinuxException refused
          && refused.errno() == Errno.EBUSY) {
        return List.of(existing(name, wanted, refused));
      }
      throw e;
    }
  }

  private static TunDevice existing(String name, Offloads wanted, LinuxException refused)
      throws LinuxException {
    try {
      return open(name, wanted);
    } catch (LinuxException e) {
      // With several queues another process has it open.
      throw e.errno() == Errno.EINVAL ? refused : e;
    }
  }

  private static TunDevice open(String name, Offloads wanted, int flags) throws LinuxException {
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    if (octets.length == 0 || octets.length > MAX_NAME_LENGTH) {
      throw new LinuxException(
          Errno.EINVAL, "cannot make interface \"" + name + "\"", "a name has 1 to 15 octets");
    }
    int fd = openControl();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ_SIZE, 8);
      boolean header = !wanted.equals(Offloads.NONE) && vnetHeaderPossible(fd, request);
      request.fill((byte) 0);
      MemorySegment.copy(octets, 0, request, ValueLayout.JAVA_BYTE, 0, octets.length);
      request.set(
          ValueLayout.JAVA_SHORT,
          IFREQ_FLAGS,
          (short) (IFF_TUN | IFF_NO_PI | flags | (header ? IFF_VNET_HDR : 0)));
      if (LibC.ioctl(fd, TUNSETIFF, request.address()) < 0) {
        throw refused(Native.getLastError(), name);
      }
      return new TunDevice(fd, header, wanted, header ? negotiate(fd, wanted) : Offloads.NONE);
    } catch (LinuxException | RuntimeException e) {
      LibC.close(fd);
      throw e;
    }
  }

  /**
   * Takes over a TUN descriptor that another program made (WG_TUN_FD), with all offloads it allows.
   *
   * @throws LinuxException EBADF when it is not open, ENOTTY or EBADFD when it is no TUN device,
   *     EINVAL when it is a TAP or wants the packet-information header. The descriptor stays open
   *     then.
   */
  public static TunDevice adopt(int fd) throws LinuxException {
    return adopt(fd, Offloads.ALL);
  }

  /** As {@link #adopt(int)}, asking for these offloads where the descriptor has the header. */
  public static TunDevice adopt(int fd, Offloads wanted) throws LinuxException {
    String attempt = "cannot use descriptor " + fd + " as a TUN device";
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ_SIZE, 8);
      if (LibC.ioctl(fd, TUNGETIFF, request.address()) < 0) {
        throw new LinuxException(
            Native.getLastError(), attempt, "pass one with TUNSETIFF done (WG_TUN_FD)");
      }
      int flags = request.get(ValueLayout.JAVA_SHORT, IFREQ_FLAGS);
      if ((flags & IFF_TUN) == 0 || (flags & IFF_NO_PI) == 0) {
        throw new LinuxException(
            Errno.EINVAL, attempt, "it must have been made with IFF_TUN and IFF_NO_PI");
      }
      int status = LibC.fcntl(fd, LibC.F_GETFL, 0);
      if (status < 0
          || LibC.fcntl(fd, LibC.F_SETFL, status | LibC.O_NONBLOCK) < 0
          || LibC.fcntl(fd, LibC.F_SETFD, LibC.FD_CLOEXEC) < 0) {
        throw LinuxException.last(attempt);
      }
      boolean header = (flags & IFF_VNET_HDR) != 0;
      return new TunDevice(fd, header, wanted, header ? negotiate(fd, wanted) : Offloads.NONE);
    }
  }

  /** What {@link TunFarEnd} plays the kernel's side of. */
  static TunDevice played(int fd, Offloads offloads) {
    return new TunDevice(fd, !offloads.equals(Offloads.NONE), offloads, offloads);
  }

  private static int openControl() throws LinuxException {
    int fd = Capabilities.openTun();
    if (fd < 0) {
      throw Capabilities.tunRefused(-fd);
    }
    return fd;
  }

  private static boolean vnetHeaderPossible(int fd, MemorySegment scratch) {
    return LibC.ioctl(fd, TUNGETFEATURES, scratch.address()) == 0
        && (scratch.get(ValueLayout.JAVA_INT, 0) & IFF_VNET_HDR) != 0;
  }

  private static LinuxException refused(int errno, String name) {
    return new LinuxException(
        errno,
        "cannot make TUN device " + name,
        switch (errno) {
          case Errno.EPERM -> "needs CAP_NET_ADMIN; run as root";
          case Errno.EBUSY -> "another process has it open; stop that one or choose another name";
          case Errno.EINVAL ->
              "an interface of this name and another kind may be there (ip link show " + name + ")";
          default -> "";
        });
  }

  /** Fixes the header size and finds the most offloads the kernel takes. */
  private static Offloads negotiate(int fd, Offloads wanted) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, VNET_HEADER_LENGTH);
      if (LibC.ioctl(fd, TUNSETVNETHDRSZ, size.address()) < 0) {
        throw LinuxException.last("cannot set the virtio-net header size of a TUN device");
      }
    }
    if (LibC.ioctl(fd, TUNSETOFFLOAD, wanted.flags()) == 0) {
      return wanted;
    }
    Offloads less = new Offloads(wanted.tso, false);
    if (LibC.ioctl(fd, TUNSETOFFLOAD, less.flags()) == 0) {
      return less;
    }
    LibC.ioctl(fd, TUNSETOFFLOAD, 0);
    return Offloads.NONE;
  }

  /**
   * The name as the kernel has it now, whatever it was at the start.
   *
   * @throws LinuxException EBADFD when the interface was deleted under the descriptor
   */
  public String name() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ_SIZE, 8);
      if (LibC.ioctl(fd(), TUNGETIFF, request.address()) < 0) {
        throw LinuxException.last("cannot read the name of a TUN device");
      }
      return request.getString(0);
    }
  }

  /** The descriptor; -1 once closed. */
  public int fd() {
    return descriptor.get();
  }

  /** Whether each packet read or written has a {@value #VNET_HEADER_LENGTH}-octet header. */
  public boolean vnetHeader() {
    return vnetHeader;
  }

  /** What super-packets were asked for. */
  public Offloads wanted() {
    return wanted;
  }

  /** What super-packets the kernel hands over. */
  public Offloads offloads() {
    return offloads;
  }

  /**
   * Reads one packet, or super-packet, with its header.
   *
   * @return octets read, 0 when none waits, else -errno; -EIO while the interface is down, -EBADFD
   *     when it was deleted
   */
  public int read(MemorySegment buffer, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.byteSize());
    int count = (int) PacketCalls.read(descriptor.get(), buffer.address() + offset, length);
    return count == -Errno.EAGAIN || count == -Errno.EINTR ? 0 : count;
  }

  /**
   * Writes one packet, or super-packet, with its header.
   *
   * @return octets written, else -errno; -EIO while the interface is down, -EINVAL for a packet or
   *     header the kernel does not like
   */
  public int write(MemorySegment buffer, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.byteSize());
    return (int) PacketCalls.write(descriptor.get(), buffer.address() + offset, length);
  }

  /**
   * Writes one super-packet from pieces.
   *
   * @param iovecs array of struct iovec: 8 octets address, 8 octets length, native order. The
   *     memory they point to must stay reachable during the call.
   * @param offset where the first one starts
   * @param count how many, at most 1024
   * @return as {@link #write}
   */
  public int writev(MemorySegment iovecs, long offset, int count) {
    Objects.checkFromIndexSize(offset, 16L * count, iovecs.byteSize());
    return (int) PacketCalls.writev(descriptor.get(), iovecs.address() + offset, count);
  }

  /**
   * The namespace the interface is in now; the caller closes it.
   *
   * @throws LinuxException EBADFD when the interface was deleted, ENOTTY before Linux 5.8
   */
  public NetworkNamespace networkNamespace() throws LinuxException {
    int namespace = LibC.ioctl(fd(), TUNGETDEVNETNS, 0);
    if (namespace < 0) {
      throw LinuxException.last("cannot find the network namespace of a TUN device");
    }
    return new NetworkNamespace(namespace);
  }

  /** Closes the descriptor, which removes the interface unless someone else holds one too. */
  @Override
  public void close() {
    descriptor.close();
  }
}
