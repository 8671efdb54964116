/**
 * {@code bench commit}: the commit path of Loggos and its peers, in a closed or an open loop. Uses {@code
 * commands.floors} and {@code systems.catalog}.
 */
@NullMarked
package io.loggos.benchmarks.commands.commit;

import org.jspecify.annotations.NullMarked;
