// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.linux;

import static io.gatehouse.linux.NetlinkMessage.HEADER;
import static io.gatehouse.linux.NetlinkMessage.NLMSG_DONE;
import static io.gatehouse.linux.NetlinkMessage.NLMSG_ERROR;
import static io.gatehouse.linux.NetlinkMessage.NLM_F_DUMP_INTR;

import com.sun.jna.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A route netlink socket: requests with their answers, or notifications. For one thread. */
final class NetlinkSocket implements AutoCloseable {
  private static final int NETLINK_ROUTE = 0;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;
  private static final int NLM_F_CAPPED = 0x100;
  private static final int NLM_F_ACK_TLVS = 0x200;
  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int DUMP_ATTEMPTS = 20;
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final FileDescriptor descriptor;
  private final MemorySegment memory = Arena.ofAuto().allocate(1 << 16, 8);
  private final ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
  private int sequence;

  private NetlinkSocket(int fd) {
    descriptor = new FileDescriptor(fd);
  }

  /** One in the calling thread's namespace; groups is the bit set of sockaddr_nl. */
  static NetlinkSocket open(int groups) throws LinuxException {
    String attempt = "cannot open a route netlink socket";
    int fd =
        SocketCalls.socket(
            SocketCalls.AF_NETLINK,
            SocketCalls.SOCK_RAW
                | SocketCalls.SOCK_CLOEXEC
                | (groups != 0 ? SocketCalls.SOCK_NONBLOCK : 0),
            NETLINK_ROUTE);
    if (fd < 0) {
      throw LinuxException.last(attempt);
    }
    SocketCalls.setOption(fd, SocketCalls.SOL_NETLINK, NETLINK_CAP_ACK, 1);
    SocketCalls.setOption(fd, SocketCalls.SOL_NETLINK, NETLINK_EXT_ACK, 1);
    if (SocketCalls.setOption(
            fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_RCVBUFFORCE, RECEIVE_BUFFER)
        < 0) {
      SocketCalls.setOption(fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_RCVBUF, RECEIVE_BUFFER);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(12, 8);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) SocketCalls.AF_NETLINK);
      address.set(ValueLayout.JAVA_INT, 8, groups);
      if (SocketCalls.bind(fd, address.address(), 12) < 0) {
        LinuxException failure = LinuxException.last(attempt);
        LibC.close(fd);
        throw failure;
      }
    }
    return new NetlinkSocket(fd);
  }

  /**
   * One in the calling thread's namespace of which dumps may be asked of one interface only, since
   * Linux 4.20; an older kernel answers with those of all.
   */
  static NetlinkSocket openFiltering() throws LinuxException {
    NetlinkSocket socket = open(0);
    SocketCalls.setOption(socket.fd(), SocketCalls.SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    return socket;
  }

  int fd() {
    return descriptor.get();
  }

  /** Puts another socket behind this descriptor's number, so that pollers need not know. */
  void becomes(NetlinkSocket other) throws LinuxException {
    if (LibC.dup3(other.fd(), fd(), LibC.O_CLOEXEC) < 0) {
      throw LinuxException.last("cannot exchange a netlink socket");
    }
    other.close();
  }

  /** Sends a request made with NLM_F_ACK and waits for the kernel's word. */
  void execute(NetlinkMessage message, String attempt) throws LinuxException {
    exchange(message, attempt, (type, body) -> {});
  }

  /** Sends a request without NLM_F_ACK that has one answer. */
  List<ByteBuffer> ask(NetlinkMessage message, String attempt) throws LinuxException {
    List<ByteBuffer> answers = new ArrayList<>();
    exchange(message, attempt, (type, body) -> answers.add(copy(body)));
    return answers;
  }

  /** Sends dump requests until one comes back whole and undisturbed. */
  List<ByteBuffer> dump(java.util.function.Supplier<NetlinkMessage> request, String attempt)
      throws LinuxException {
    for (int i = 0; i < DUMP_ATTEMPTS; i++) {
      List<ByteBuffer> answers = new ArrayList<>();
      try {
        if (exchange(request.get(), attempt, (type, body) -> answers.add(copy(body)))) {
          return answers;
        }
      } catch (LinuxException e) {
        if (e.errno() != Errno.ENOBUFS && e.errno() != Errno.EINTR) {
          throw e;
        }
      }
    }
    throw new LinuxException(Errno.EBUSY, attempt, "the tables change too fast; try again");
  }

  private static ByteBuffer copy(ByteBuffer body) {
    return ByteBuffer.wrap(NetlinkMessage.octets(body)).order(ByteOrder.nativeOrder());
  }

  /** Whether the answer is a consistent one. */
  private boolean exchange(
      NetlinkMessage message, String attempt, BiConsumer<Integer, ByteBuffer> reader)
      throws LinuxException {
    int expected = ++sequence;
    ByteBuffer bytes = message.finish(expected);
    boolean single =
        (bytes.getShort(6) & (NetlinkMessage.NLM_F_DUMP | NetlinkMessage.NLM_F_ACK)) == 0;
    int length = bytes.remaining();
    buffer.clear().put(bytes);
    if (SocketCalls.send(fd(), memory.address(), length, 0) < 0) {
      throw LinuxException.last(attempt);
    }
    boolean consistent = true;
    while (true) {
      int count = receive(attempt);
      for (int at = 0; at + HEADER <= count; at += (buffer.getInt(at) + 3) & -4) {
        int size = buffer.getInt(at);
        if (size < HEADER || at + size > count) {
          throw new LinuxException(Errno.EPROTO, attempt, "");
        }
        if (buffer.getInt(at + 8) != expected) {
          continue;
        }
        int type = buffer.getShort(at + 4);
        int flags = buffer.getShort(at + 6);
        consistent &= (flags & NLM_F_DUMP_INTR) == 0;
        if (type == NLMSG_ERROR || type == NLMSG_DONE) {
          int errno = size >= HEADER + 4 ? -buffer.getInt(at + HEADER) : 0;
          if (errno > 0) {
            throw refused(errno, attempt, at, size, type, flags);
          }
          return consistent;
        }
        reader.accept(
            type, buffer.slice(at + HEADER, size - HEADER).order(ByteOrder.nativeOrder()));
        if (single) {
          return consistent;
        }
      }
    }
  }

  private int receive(String attempt) throws LinuxException {
    while (true) {
      long count = SocketCalls.recv(fd(), memory.address(), memory.byteSize(), 0);
      if (count >= 0) {
        return (int) count;
      }
      int errno = Native.getLastError();
      if (errno != Errno.EINTR) {
        throw LinuxException.of(errno, attempt);
      }
    }
  }

  private LinuxException refused(int errno, String attempt, int at, int size, int type, int flags) {
    StringBuilder said = new StringBuilder();
    if ((flags & NLM_F_ACK_TLVS) != 0) {
      int skip = HEADER + 4;
      if (type == NLMSG_ERROR) {
        // The request's header follows the number, and its body unless capped.
        skip += (flags & NLM_F_CAPPED) != 0 ? HEADER : (buffer.getInt(at + skip) + 3) & -4;
      }
      if (skip <= size) {
        NetlinkMessage.attributes(
            buffer.duplicate().order(ByteOrder.nativeOrder()).position(at + skip).limit(at + size),
            (attribute, value) -> {
              if (attribute == NLMSGERR_ATTR_MSG) {
                said.append("the kernel says: ").append(NetlinkMessage.text(value));
              }
            });
      }
    }
    return said.isEmpty()
        ? LinuxException.of(errno, attempt)
        : new LinuxException(errno, attempt, said.toString());
  }

  /**
   * Hands on the notifications that wait: message type and body.
   *
   * @return false when some were lost because the buffer overran
   */
  boolean notifications(BiConsumer<Integer, ByteBuffer> reader) throws LinuxException {
    boolean complete = true;
    while (true) {
      long count =
          SocketCalls.recv(fd(), memory.address(), memory.byteSize(), SocketCalls.MSG_DONTWAIT);
      if (count < 0) {
        int errno = Native.getLastError();
        if (errno == Errno.EAGAIN) {
          return complete;
        }
        if (errno == Errno.ENOBUFS) {
          complete = false;
        } else if (errno != Errno.EINTR) {
          throw LinuxException.of(errno, "cannot read link notifications");
        }
        continue;
      }
      for (int at = 0; at + HEADER <= count; at += (buffer.getInt(at) + 3) & -4) {
        int size = buffer.getInt(at);
        if (size < HEADER || at + size > count) {
          complete = false;
          break;
        }
        reader.accept(
            (int) buffer.getShort(at + 4),
            buffer.slice(at + HEADER, size - HEADER).order(ByteOrder.nativeOrder()));
      }
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
