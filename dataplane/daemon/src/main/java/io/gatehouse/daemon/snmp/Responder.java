// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import org.snmp4j.CommandResponderEvent;
import org.snmp4j.PDU;
import org.snmp4j.agent.CommandProcessor;
import org.snmp4j.agent.MOServer;
import org.snmp4j.agent.mo.snmp.CoexistenceInfo;
import org.snmp4j.agent.request.SnmpRequest;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OctetString;

/**
 * SNMP4J's command processor with bounds: what a request may ask, how large an answer may be, and
 * no request that is neither answered nor forgotten.
 */
final class Responder extends CommandProcessor {
  /**
   * Octets of a GETBULK answer. SNMP4J measures the whole answer again before every cell, so its
   * cost is quadratic. With the message header around it this fits one Ethernet frame: a walk loses
   * nothing and no answer is fragmented.
   */
  static final int MAX_BULK_RESPONSE = 1300;

  /** Octets of any other answer, which is about as long as what was asked. */
  static final int MAX_RESPONSE = 8192;

  /** Variables in a request; more is answered with tooBig, and stations then ask for fewer. */
  static final int MAX_VARIABLES = 64;

  private static final int FORGET_AFTER_MILLIS = 1_000;

  Responder(byte[] engineId) {
    super(new OctetString(engineId));
    setInternalRequestTimeout(FORGET_AFTER_MILLIS);
  }

  @Override
  public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
    PDU request = event.getPDU();
    if (request == null) {
      return;
    }
    // Here and not in the transport: for version 3 the library takes the sender's limit alone.
    int limit = request.getType() == PDU.GETBULK ? MAX_BULK_RESPONSE : MAX_RESPONSE;
    event.setMaxSizeResponsePDU(Math.min(limit, event.getMaxSizeResponsePDU()));
    super.processPdu(event);
  }

  @Override
  protected <A extends Address> void dispatchCommand(
      CommandResponderEvent<A> command, CoexistenceInfo info) {
    if (command.getPDU().size() > MAX_VARIABLES) {
      sendResponse(command, failure(command.getPDU(), PDU.tooBig));
    } else {
      super.dispatchCommand(command, info);
    }
  }

  @Override
  protected <A extends Address> void finalizeRequest(
      CommandResponderEvent<A> command, SnmpRequest request, MOServer server) {
    super.finalizeRequest(command, request, server);
    // A GETBULK whose first row does not fit counts as incomplete for good.
    if (!request.isComplete()) {
      requestList.remove(request);
      boolean bulk = command.getPDU().getType() == PDU.GETBULK;
      sendResponse(command, failure(command.getPDU(), bulk ? PDU.tooBig : PDU.genErr));
      if (server != null) {
        release(server, request);
      }
    }
  }

  /** How many requests are neither answered nor forgotten. */
  int waiting() {
    return requestList.size();
  }

  private static PDU failure(PDU request, int status) {
    PDU answer = (PDU) request.clone();
    answer.clear();
    answer.setType(PDU.RESPONSE);
    answer.setRequestID(request.getRequestID());
    answer.setErrorStatus(status);
    answer.setErrorIndex(0);
    return answer;
  }
}
