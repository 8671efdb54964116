/** Real processes, one of which has a disk that is slow or hangs. */
@NullMarked
package io.loggos.paxos.disk;

import org.jspecify.annotations.NullMarked;
