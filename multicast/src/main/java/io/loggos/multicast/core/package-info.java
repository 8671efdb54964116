/**
 * The links of one node as a pure protocol: generations, numbering, resending, the handshake, the failure
 * detector. No thread, socket or clock; the node's loop calls it with events and the time.
 */
@NullMarked
package io.loggos.multicast.core;

import org.jspecify.annotations.NullMarked;
