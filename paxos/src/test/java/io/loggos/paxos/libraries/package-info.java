/** Tests of a node whose libraries are not those that it was built with. */
@NullMarked
package io.loggos.paxos.libraries;

import org.jspecify.annotations.NullMarked;
