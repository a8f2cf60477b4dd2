// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.snmp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snmp4j.agent.security.VACM;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;

/**
 * Who may see what: every known user at authPriv, and whoever knows the community where there is
 * one, reads one view; nobody writes.
 *
 * <p>The view names what is meant to be seen, so that a library's own tables, some of which hold
 * community strings or user names, stay out even if one were registered by mistake.
 */
final class ReadView implements VACM {
  private static final OctetString READ = new OctetString("read");
  private static final OctetString NOTHING = new OctetString("nothing");

  private final List<OID> subtrees;

  /** With the root of WG-GATEWAY-MIB. */
  ReadView(OID root) {
    subtrees =
        List.of(
            new OID("1.3.6.1.2.1"),
            root,
            new OID("1.3.6.1.6.3.1"),
            EngineGroups.SNMP_ENGINE,
            new OID("1.3.6.1.6.3.11"),
            EngineGroups.USM_STATS);
  }

  @Override
  public int isAccessAllowed(
      OctetString context,
      OctetString securityName,
      int securityModel,
      int securityLevel,
      int viewType,
      OID oid) {
    OctetString view = getViewName(context, securityName, securityModel, securityLevel, viewType);
    return view == null ? VACM_NO_ACCESS_ENTRY : isAccessAllowed(view, oid);
  }

  @Override
  public int isAccessAllowed(OctetString viewName, OID oid) {
    if (!READ.equals(viewName)) {
      return VACM_NOT_IN_VIEW;
    }
    return subtrees.stream().anyMatch(oid::startsWith) ? VACM_OK : VACM_NOT_IN_VIEW;
  }

  @Override
  public @Nullable OctetString getViewName(
      OctetString context,
      OctetString securityName,
      int securityModel,
      int securityLevel,
      int viewType) {
    boolean protectedUser =
        securityModel == SecurityModel.SECURITY_MODEL_USM
            && securityLevel == SecurityLevel.AUTH_PRIV;
    // Only the community's own check gives this name; without one there is no such model.
    boolean communityUser =
        securityModel == SecurityModel.SECURITY_MODEL_SNMPv2c
            && securityName.equals(Community.SECURITY_NAME);
    if (!(protectedUser || communityUser) || !hasContext(context)) {
      return null;
    }
    // An empty view rather than none for writing: the answer is then noAccess, as RFC 3416 has it.
    return viewType == VIEW_READ ? READ : NOTHING;
  }

  @Override
  public boolean hasContext(OctetString contextName) {
    return contextName.length() == 0;
  }
}
