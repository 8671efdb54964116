/** Tests of the line of primary views behind a log. */
@NullMarked
package io.loggos.paxos.runtime.views;

import org.jspecify.annotations.NullMarked;
