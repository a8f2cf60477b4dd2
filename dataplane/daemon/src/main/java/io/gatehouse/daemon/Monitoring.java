// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.daemon.events.Event;
import io.gatehouse.daemon.events.Events;
import io.gatehouse.daemon.events.JournalSink;
import io.gatehouse.daemon.events.LogSink;
import io.gatehouse.daemon.events.SyslogSink;
import io.gatehouse.daemon.metrics.MetricsServer;
import io.gatehouse.daemon.snmp.SnmpAgent;
import io.gatehouse.daemon.tunnels.ConfigTally;
import io.gatehouse.daemon.tunnels.Tunnels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;

/**
 * Who hears of events, and the metrics. Like SNMP, what cannot start is said and lived without:
 * tunnels must run whether or not they can be watched.
 */
final class Monitoring implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Monitoring.class.getName());
  private static final String ENTERPRISES = "1.3.6.1.4.1.";

  private final Events events;
  private final List<Runnable> ends = new ArrayList<>();

  private Monitoring(Events events) {
    this.events = events;
  }

  static Monitoring start(Settings settings, Tunnels tunnels, String hostName) {
    Monitoring monitoring = new Monitoring(Events.start(tunnels::status));
    tunnels.configTally().listen(monitoring.new Files());
    if (settings.eventsLog()) {
      LogSink log = new LogSink();
      monitoring.events.add(JournalSink.ofThisProcess(System.getenv(), log).orElse(log));
    }
    try {
      if (settings.eventsSyslog().isPresent()) {
        SyslogSink syslog =
            new SyslogSink(
                settings.eventsSyslog().get(),
                hostName,
                settings.snmpRoot().substring(ENTERPRISES.length()));
        monitoring.ends.add(syslog::close);
        monitoring.events.add(syslog);
      }
      if (settings.metricsAddress().isPresent()) {
        MetricsServer metrics =
            MetricsServer.start(settings.metricsAddress().get(), tunnels::status);
        monitoring.ends.add(metrics::close);
      }
    } catch (IOException e) {
      LOG.severe(e.getMessage());
    }
    return monitoring;
  }

  /** From now on an agent's targets get events as well. */
  void add(SnmpDoor snmp) {
    snmp.agent().map(SnmpAgent::notifications).ifPresent(events::add);
    events.happened(new Event.Started());
  }

  /** Sends a text to all who want events. */
  void test(String text) {
    events.happened(new Event.Test(text));
  }

  /** How many events the limit held back. */
  long heldBack() {
    return events.heldBack();
  }

  private final class Files implements ConfigTally.Listener {
    @Override
    public void applied(String fileName) {
      events.happened(new Event.ConfigApplied(fileName));
    }

    @Override
    public void rejected(String fileName, String why) {
      events.happened(new Event.ConfigRejected(fileName, why));
    }
  }

  @Override
  public void close() {
    events.close();
    ends.forEach(Runnable::run);
  }
}
