/** Apache Ratis: three Raft servers. May use the library of that name, and nothing of the other systems. */
@NullMarked
package io.loggos.benchmarks.system.ratis;

import org.jspecify.annotations.NullMarked;
