/** Tests of the line of primary views behind a log. */
@NullMarked
package io.loggos.paxos.views;

import org.jspecify.annotations.NullMarked;
