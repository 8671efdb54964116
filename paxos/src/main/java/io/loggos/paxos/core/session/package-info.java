/**
 * Exactly-once commands: the table of sessions, and the filter of duplicates in each.
 */
@NullMarked
package io.loggos.paxos.core.session;

import org.jspecify.annotations.NullMarked;
