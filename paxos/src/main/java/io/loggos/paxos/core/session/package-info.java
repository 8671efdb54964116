/**
 * Exactly-once commands and log time: the table of sessions, the filter of duplicates in each, and the stamps of leaders.
 */
@NullMarked
package io.loggos.paxos.core.session;

import org.jspecify.annotations.NullMarked;
