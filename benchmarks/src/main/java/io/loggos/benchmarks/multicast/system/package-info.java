/**
 * What the multicast of Loggos and of its peers has in common: members that can be opened one by one, and the audit of
 * what is delivered to each. May use {@code system} and {@code report}.
 */
@NullMarked
package io.loggos.benchmarks.multicast.system;

import org.jspecify.annotations.NullMarked;
