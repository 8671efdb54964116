/** Tests of stores that begin with the contents of others. */
@NullMarked
package io.loggos.paxos.runtime.restore;

import org.jspecify.annotations.NullMarked;
