// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.tunnels;

import io.gatehouse.daemon.datapath.OffloadState;
import io.gatehouse.daemon.datapath.Tunnel;
import io.gatehouse.daemon.datapath.TunnelCounters;
import io.gatehouse.linux.LinuxException;
import io.gatehouse.protocol.DeviceChange;
import io.gatehouse.protocol.DeviceSnapshot;
import io.gatehouse.protocol.DeviceTotals;
import io.gatehouse.wgquick.PublicKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An interface as far as the {@link Tunnel} behind it goes, whatever machine the interface is part
 * of.
 */
public abstract class EngineInterface implements Network.TunnelInterface {
  private static final Logger LOG = System.getLogger(EngineInterface.class.getName());

  /** What moves its packets. */
  protected final Tunnel tunnel;

  private AutoCloseable attached = () -> {};
  private volatile Runnable whenChanged = () -> {};

  /** Of a tunnel that runs, and is closed with this. */
  protected EngineInterface(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  /**
   * Lets come what comes with the tunnel.
   *
   * @throws IOException if it cannot; the caller closes the tunnel then
   */
  protected void attach(TunnelAttachment attachment) throws IOException {
    attached = attachment.attach(tunnel, () -> whenChanged.run());
  }

  @Override
  public int ifIndex() {
    return tunnel.ifIndex();
  }

  @Override
  public boolean isUp() {
    return tunnel.isUp();
  }

  @Override
  public boolean hasEnded() {
    return tunnel.hasEnded();
  }

  @Override
  public void whenEnded(Runnable callback) {
    var _ = tunnel.ended().thenRun(callback);
  }

  @Override
  public void whenChanged(Runnable callback) {
    whenChanged = callback;
  }

  @Override
  public void apply(DeviceChange change) throws LinuxException {
    tunnel.apply(change);
  }

  @Override
  public DeviceSnapshot snapshot() {
    return tunnel.snapshot();
  }

  @Override
  public Map<PublicKey, Long> octets(Collection<PublicKey> peers) {
    return tunnel.octets(peers);
  }

  @Override
  public long timestampToKeep() {
    return tunnel.timestampToKeep();
  }

  @Override
  public void timestampFloor(long timestamp) {
    tunnel.timestampFloor(timestamp);
  }

  @Override
  public void greet(Set<PublicKey> peers) {
    tunnel.greet(peers);
  }

  @Override
  public void resume(TunnelCounters ofInterface, DeviceTotals ofDevice) {
    tunnel.resume(ofInterface, ofDevice);
  }

  @Override
  public TunnelCounters counters() {
    return tunnel.counters();
  }

  @Override
  public List<OffloadState> offloads() {
    return tunnel.offloads();
  }

  @Override
  public void close() {
    try {
      attached.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, tunnel.name() + ": what came with the tunnel did not close", e);
    }
    tunnel.close();
  }
}
