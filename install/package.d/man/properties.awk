# SPDX-License-Identifier: Apache-2.0
# gatehouse.properties(5), in mdoc(7), from etc/gatehouse.properties: the comment before each setting, and its default.
function escape(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  if (text ~ /^[.']/) text = "\\\&" text
  return text
}
# Each sentence on a line of its own.
function say(text) {
  while (match(text, /[^ ][.] [A-Z]/)) {
    print substr(text, 1, RSTART + 1)
    text = substr(text, RSTART + 3)
  }
  print text
}
BEGIN {
  print ".\\\" SPDX-License-Identifier: Apache-2.0"
  print ".Dd " date
  print ".Dt GATEHOUSE.PROPERTIES 5"
  print ".Os"
  print ".Sh NAME"
  print ".Nm gatehouse.properties"
  print ".Nd settings of the Gatehouse data plane"
  print ".Sh DESCRIPTION"
}
# The head ends with its first empty line.
!head && /^$/ { head = 1; say(words); words = ""; print ".Bl -tag -width 4n"; next }
/^#$/ { next }
!head && FNR == 1 { next }
/^# / { sub(/^# /, ""); words = words (words == "" ? "" : " ") escape($0); next }
/^#gatehouse\./ {
  sub(/^#/, "")
  at = index($0, "=")
  value = substr($0, at + 1)
  print ".It " escape(substr($0, 1, at - 1)) (value == "" ? "" : " = " escape(value))
  say(words == "" ? "as above" : words)
  words = ""
}
END {
  print ".El"
  print ".Sh SEE ALSO"
  print ".Xr gatehouse 8 ,"
  print ".Xr gatehouse-dataplane 8"
}
