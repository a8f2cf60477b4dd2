// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon;

import io.gatehouse.control.ControlException;
import io.gatehouse.control.FindingStatus;
import io.gatehouse.control.Passphrase;
import io.gatehouse.control.SnmpInformUser;
import io.gatehouse.control.SnmpTargetAddition;
import io.gatehouse.control.SnmpTargets;
import io.gatehouse.control.SnmpUserAddition;
import io.gatehouse.control.SnmpUsers;
import io.gatehouse.daemon.control.SnmpTargetGateway;
import io.gatehouse.daemon.snmp.SnmpAgent;
import io.gatehouse.wgquick.EndpointAddress;
import io.gatehouse.wgquick.Finding;
import io.gatehouse.wgquick.IpLiteral;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** The users and targets of the SNMP agent, as the control socket steers them. */
final class SnmpControl implements SnmpTargetGateway {
  private static final Logger LOG = Logger.getLogger(SnmpControl.class.getName());
  private static final String USUAL_AUTH = "SHA-256";
  private static final String USUAL_PRIV = "AES-128";

  private final SnmpDoor snmp;
  private final Consumer<String> test;

  /**
   * Steers an agent.
   *
   * @param test sends a text to all who want events
   */
  SnmpControl(SnmpDoor snmp, Consumer<String> test) {
    this.snmp = snmp;
    this.test = test;
  }

  /** Something that may be refused. */
  private interface Change {
    void make(SnmpAgent agent) throws IOException, ControlException;
  }

  private void change(String code, Change change) throws ControlException {
    SnmpAgent agent = agent();
    try {
      change.make(agent);
    } catch (IllegalArgumentException e) {
      throw refusal(code, String.valueOf(e.getMessage()), "Give others.");
    } catch (IOException e) {
      throw refusal("SNMP-STATE", String.valueOf(e.getMessage()), "See the log.");
    }
  }

  SnmpUsers addUser(SnmpUserAddition addition) throws ControlException {
    change(
        "SNMP-USER",
        agent ->
            agent
                .users()
                .add(
                    addition.name(),
                    addition.authProtocol().orElse(USUAL_AUTH),
                    addition.privProtocol().orElse(USUAL_PRIV),
                    text(addition.authPassphrase()),
                    text(addition.privPassphrase())));
    LOG.info("SNMP user " + addition.name() + " added");
    return users();
  }

  SnmpUsers removeUser(String name) throws ControlException {
    change(
        "SNMP-USER",
        agent -> {
          if (!agent.users().remove(name)) {
            throw refusal("SNMP-USER", "there is no such SNMP user", "Ask for the list.");
          }
        });
    LOG.info("SNMP user " + name + " removed");
    return users();
  }

  SnmpUsers users() throws ControlException {
    SnmpAgent agent = agent();
    return new SnmpUsers(
        agent.users().list(),
        agent
            .listening()
            .map(
                address ->
                    new EndpointAddress(IpLiteral.format(address.getAddress()), address.getPort())
                        .toString())
            .orElse(""),
        Optional.of(agent.users().configured()));
  }

  @Override
  public SnmpTargets add(SnmpTargetAddition addition) throws ControlException {
    change(
        "SNMP-TARGET",
        agent -> {
          if (addition.inform().isEmpty()) {
            agent.addTrapTarget(addition.address(), addition.user());
          } else {
            SnmpInformUser receiver = addition.inform().get();
            agent.addInformTarget(
                addition.address(),
                addition.user(),
                receiver.authProtocol(),
                receiver.privProtocol(),
                text(receiver.authPassphrase()),
                text(receiver.privPassphrase()));
          }
        });
    LOG.info("SNMP notifications go to " + addition.address());
    return list();
  }

  @Override
  public SnmpTargets remove(String address) throws ControlException {
    change(
        "SNMP-TARGET",
        agent -> {
          if (!agent.removeTarget(address)) {
            throw refusal(
                "SNMP-TARGET",
                "no target with this address was added",
                "Ask for the list; those of gatehouse.snmp.targets go with the setting.");
          }
        });
    LOG.info("SNMP notifications go to " + address + " no more");
    return list();
  }

  @Override
  public SnmpTargets list() throws ControlException {
    SnmpAgent agent = agent();
    return new SnmpTargets(agent.targets(), Optional.of(agent.configuredTargets()));
  }

  @Override
  public SnmpTargets test(String text) throws ControlException {
    SnmpTargets targets = list();
    if (targets.targets().isEmpty()) {
      throw refusal(
          "SNMP-TARGET", "there is no target", "Add one: gatehouse snmp target add ADDRESS:PORT.");
    }
    test.accept(text);
    return targets;
  }

  private SnmpAgent agent() throws ControlException {
    return snmp.agent()
        .orElseThrow(
            () ->
                refusal(
                    "SNMP-STATE",
                    snmp.trouble(),
                    "Put that right and start the data plane again."));
  }

  // A String of a secret cannot be wiped; SNMP4J's key derivation wants one.
  private static String text(Passphrase passphrase) {
    char[] characters = passphrase.reveal();
    String text = new String(characters);
    Arrays.fill(characters, '\0');
    return text;
  }

  private static ControlException refusal(String code, String message, String remedy) {
    return new ControlException(
        ControlException.REFUSED,
        message,
        List.of(
            new FindingStatus(code, Finding.Severity.ERROR.name(), "", 0, "", message, remedy)));
  }
}
