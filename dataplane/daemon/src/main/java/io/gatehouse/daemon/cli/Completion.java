// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.daemon.cli;

import picocli.AutoComplete;
import picocli.CommandLine;

/** The completion script of {@code gatehouse completion}. */
final class Completion {
  /** Adds what is known only when the key is pressed: the names of the interfaces. */
  private static final String INTERFACES =
      """

      # The names of running interfaces, where a command takes one.
      _gatehouse_with_interfaces() {
        local word=${COMP_WORDS[COMP_CWORD]} more=
        _complete_gatehouse "$@"
        case $COMP_CWORD:${COMP_WORDS[1]} in
          2:show) more="all interfaces $(gatehouse show interfaces 2>/dev/null)" ;;
          2:showconf | 2:set | 2:setconf | 2:addconf | 2:syncconf | 2:up | 2:down | 2:save | 2:strip)
            more=$(gatehouse show interfaces 2>/dev/null) ;;
          3:show) more="@FIELDS@" ;;
          3:setconf | 3:addconf | 3:syncconf) COMPREPLY+=($(compgen -f -- "$word")) ;;
        esac
        [ -z "$more" ] || COMPREPLY+=($(compgen -W "$more" -- "$word"))
        case $COMP_CWORD:${COMP_WORDS[1]} in
          2:up | 2:down | 2:strip | *:check) COMPREPLY+=($(compgen -f -- "$word")) ;;
        esac
      }
      complete -o default -F _gatehouse_with_interfaces gatehouse
      """;

  private Completion() {}

  static String bash(CommandLine line) {
    StringBuilder fields = new StringBuilder();
    for (ShowField field : ShowField.values()) {
      fields.append(fields.isEmpty() ? "" : " ").append(field.word);
    }
    return AutoComplete.bash("gatehouse", line) + INTERFACES.replace("@FIELDS@", fields);
  }
}
