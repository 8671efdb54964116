/**
 * Detectors of stable properties: a computation has ended, processes are deadlocked, objects cannot be reached.
 *
 * <p>Each is asked of one cut. It looks at the states that participants recorded and at the messages in flight between
 * them. It does not depend on how the cut was taken. The package may use {@code api} only.
 */
@NullMarked
package io.loggos.snapshot.detect;

import org.jspecify.annotations.NullMarked;
