// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.wgquick.InterfaceName;
import io.gatehouse.wgquick.TunnelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Hooks that run nothing, and are over when the test says so. */
final class FakeHooks implements Hooks {
  boolean on = true;

  /** What runs, in words like {@code PreUp}, and what ran before. */
  final List<String> ran = new ArrayList<>();

  boolean cancelled;
  private Optional<Consumer<Optional<String>>> then = Optional.empty();

  @Override
  public boolean areOn() {
    return on;
  }

  @Override
  public void run(
      InterfaceName tunnel, Moment moment, TunnelConfig config, Consumer<Optional<String>> then) {
    if (!on || moment.of(config).isEmpty()) {
      then.accept(Optional.empty());
      return;
    }
    ran.add(moment.key);
    this.then = Optional.of(then);
  }

  @Override
  public void cancel(InterfaceName tunnel) {
    cancelled = true;
  }

  /** Lets what runs come to its end. */
  void succeed() {
    over(Optional.empty());
  }

  /** Lets what runs fail. */
  void fail() {
    over(Optional.of("it failed"));
  }

  private void over(Optional<String> failure) {
    Consumer<Optional<String>> next = then.orElseThrow();
    then = Optional.empty();
    next.accept(failure);
  }
}
