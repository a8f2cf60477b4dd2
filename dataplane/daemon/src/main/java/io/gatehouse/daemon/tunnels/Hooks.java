// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs what a file wants to be run when its tunnel goes up or down (wg-quick(8), PreUp and so on).
 */
interface Hooks {
  /** When a line runs. */
  enum Moment {
    /** Before there is an interface. */
    PRE_UP("PreUp"),
    /** When everything is set. */
    POST_UP("PostUp"),
    /** While everything is still set. */
    PRE_DOWN("PreDown"),
    /** When the interface is gone. */
    POST_DOWN("PostDown");

    final String key;

    Moment(String key) {
      this.key = key;
    }

    /** What a file has for this moment, in its order. */
    List<String> of(TunnelConfig config) {
      return switch (this) {
        case PRE_UP -> config.preUp();
        case POST_UP -> config.postUp();
        case PRE_DOWN -> config.preDown();
        case POST_DOWN -> config.postDown();
      };
    }

    /** Whether a file has any line for any moment. */
    static boolean any(TunnelConfig config) {
      for (Moment moment : values()) {
        if (!moment.of(config).isEmpty()) {
          return true;
        }
      }
      return false;
    }

    /** The keys of a file's lines, in words. */
    static String in(TunnelConfig config) {
      return Arrays.stream(values())
          .filter(moment -> !moment.of(config).isEmpty())
          .map(moment -> moment.key)
          .collect(Collectors.joining(", "));
    }

    /** Whether two files have the same lines for every moment. */
    static boolean same(TunnelConfig one, TunnelConfig other) {
      for (Moment moment : values()) {
        if (!moment.of(one).equals(moment.of(other))) {
          return false;
        }
      }
      return true;
    }
  }

  /** Never runs anything. */
  Hooks OFF =
      new Hooks() {
        @Override
        public boolean areOn() {
          return false;
        }

        @Override
        public void run(
            InterfaceName tunnel,
            Moment moment,
            TunnelConfig config,
            Consumer<Optional<String>> then) {
          then.accept(Optional.empty());
        }

        @Override
        public void cancel(InterfaceName tunnel) {}
      };

  /** Whether lines are run at all. */
  boolean areOn();

  /**
   * Runs the lines of a moment one after the other, up to the first that fails. Does not wait for
   * them. Control thread.
   *
   * @param then called on the control thread when all is over, before this returns if there is
   *     nothing to run: with the reason if a line failed
   */
  void run(
      InterfaceName tunnel, Moment moment, TunnelConfig config, Consumer<Optional<String>> then);

  /** Ends the line of a tunnel that runs now, if one does; it has failed then. */
  void cancel(InterfaceName tunnel);
}
