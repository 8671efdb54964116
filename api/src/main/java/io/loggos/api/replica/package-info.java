/**
 * Replicated logs: a {@link io.loggos.api.replica.StateMachine} that runs on every node, and the
 * {@link io.loggos.api.replica.Replica} through which its commands and reads go.
 */
@NullMarked
package io.loggos.api.replica;

import org.jspecify.annotations.NullMarked;
