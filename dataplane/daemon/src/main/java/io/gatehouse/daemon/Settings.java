// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.snmp.SnmpOptions;
import io.gatehouse.daemon.tunnels.FirstStart;
import io.gatehouse.wgquick.Prefix;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Level;

/**
 * What an administrator can set about the data plane. Each component says its property; {@code
 * etc/gatehouse.properties} lists them all. {@link SettingsSource} reads them.
 *
 * @param tunnelsDirectory {@code gatehouse.tunnels.directory}: where wg-quick files are dropped
 * @param stateDirectory {@code gatehouse.state.directory}: what must outlive a restart
 * @param controlSocket {@code gatehouse.control.socket}: UNIX socket for the console
 * @param controlGroup {@code gatehouse.control.group}: group that may use it, empty for none
 * @param controlExport {@code gatehouse.control.export}: whether it may also have files with their
 *     keys, which otherwise only root and the data plane's own user get
 * @param hooks {@code gatehouse.hooks}: whether PreUp, PostUp, PreDown and PostDown of files are
 *     run
 * @param hooksTimeout {@code gatehouse.hooks.timeout}: how long the lines of one of these may take
 *     together
 * @param historySize {@code gatehouse.history.size}: how large the history of the directory may
 *     grow, in octets (MiB in the property)
 * @param tunnelsFirst {@code gatehouse.tunnels.first}: what becomes of the files that are in the
 *     directory when it is followed for the first time
 * @param uapiDirectory {@code gatehouse.uapi.directory}: where wg(8) looks for sockets
 * @param snmpAddress {@code gatehouse.snmp.address}: where the SNMP agent answers once it has a
 *     user
 * @param snmpRoot {@code gatehouse.snmp.root}: object identifier below which WG-GATEWAY-MIB is
 *     served
 * @param snmpUsers {@code gatehouse.snmp.users}: file of SNMP users; empty for none
 * @param snmpTargets {@code gatehouse.snmp.targets}: where notifications go
 * @param snmpV2cSources {@code gatehouse.snmp.v2c.sources}: who may ask by SNMPv2c; empty for
 *     nobody
 * @param eventsLog {@code gatehouse.events.log}: whether events are logged
 * @param eventsSyslog {@code gatehouse.events.syslog}: where events go as syslog messages; empty
 *     for nowhere
 * @param metricsAddress {@code gatehouse.metrics.address}: where metrics are served; empty for
 *     nowhere
 * @param queues {@code gatehouse.queues}: how many queues each TUN device has, and sockets each
 *     port; empty for as many as the processors are good for
 * @param workers {@code gatehouse.workers}: how many threads help where one sender or one flow is
 *     more than a packet thread manages; empty for as many as the processors are good for
 * @param aeadEngine {@code gatehouse.aead.engine}: cipher engine for packets
 * @param tunTso {@code gatehouse.offload.tun.tso}: large TCP packets from and to the TUN device
 * @param tunUso {@code gatehouse.offload.tun.uso}: large UDP packets from and to the TUN device
 * @param udpGso {@code gatehouse.offload.udp.gso}: many datagrams in one send
 * @param udpGro {@code gatehouse.offload.udp.gro}: many datagrams in one receive
 * @param rehearsal {@code gatehouse.rehearsal}: whether made-up packets and handshakes get the
 *     packet path compiled after the start
 * @param logLevel {@code gatehouse.log.level}: least important record that is logged
 */
public record Settings(
    Path tunnelsDirectory,
    Path stateDirectory,
    Path controlSocket,
    String controlGroup,
    boolean controlExport,
    boolean hooks,
    Duration hooksTimeout,
    long historySize,
    FirstStart tunnelsFirst,
    Path uapiDirectory,
    InetSocketAddress snmpAddress,
    String snmpRoot,
    Optional<Path> snmpUsers,
    List<SnmpOptions.Target> snmpTargets,
    List<Prefix> snmpV2cSources,
    boolean eventsLog,
    Optional<InetSocketAddress> eventsSyslog,
    Optional<InetSocketAddress> metricsAddress,
    OptionalInt queues,
    OptionalInt workers,
    AeadEngine aeadEngine,
    boolean tunTso,
    boolean tunUso,
    boolean udpGso,
    boolean udpGro,
    boolean rehearsal,
    Level logLevel) {
  /** Which cipher engine packets go through. */
  public enum AeadEngine {
    /** The fastest of those that pass their known answers, by a short race. */
    AUTO,
    /** Our own on the Vector API. */
    VECTOR,
    /** OpenSSL's, where it is installed. */
    LIBCRYPTO,
    /** The slow reference. */
    BOUNCYCASTLE
  }
}
