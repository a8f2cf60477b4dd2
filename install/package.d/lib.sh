# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Where things are once Gatehouse is installed; the programs of bin/ source it.

ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
DATAPLANE_HOME=$ROOT/dataplane
START_CACHES=/var/cache/gatehouse
# The Java that was tested comes along; GATEHOUSE_JAVA_HOME names another one, 25 or newer.
JAVA_HOME=${GATEHOUSE_JAVA_HOME:-$ROOT/jre}
# The library that calls the kernel lies unpacked, so no program is written to /tmp.
JAVA_WORDS=("-Djna.boot.library.path=$ROOT/native" -Djna.nounpack=true -Djna.nosys=true)
. "$ROOT/java.sh"
