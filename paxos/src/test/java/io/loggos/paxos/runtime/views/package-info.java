/** Tests of the sequence of primary views behind a log. */
@NullMarked
package io.loggos.paxos.runtime.views;

import org.jspecify.annotations.NullMarked;
