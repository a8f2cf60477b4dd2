// SPDX-License-Identifier: Apache-2.0
/**
 * JMH benchmarks of what a packet or a handshake costs, apart from the kernel. Part of the build,
 * not of the product; {@code docs/performance.md} says what was measured with them.
 *
 * <pre>{@code
 * install/build
 * java -jar dataplane/benchmarks/target/gatehouse-benchmarks.jar                # all of them
 * java -jar dataplane/benchmarks/target/gatehouse-benchmarks.jar 'Vector.*seal' # some of them
 * java -jar dataplane/benchmarks/target/gatehouse-benchmarks.jar -l             # their names
 * }</pre>
 *
 * <p>Java is that of the product (25 or newer). Whatever else a benchmark needs of the virtual
 * machine stands at its {@code @Fork}.
 */
@NullMarked
package io.gatehouse.benchmarks;

import org.jspecify.annotations.NullMarked;
