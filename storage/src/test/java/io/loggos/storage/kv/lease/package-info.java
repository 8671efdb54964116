/** Tests of leases: their rules, and a simulation of replicas with drifting clocks, pauses and changes of leader. */
@NullMarked
package io.loggos.storage.kv.lease;

import org.jspecify.annotations.NullMarked;
