/**
 * Detectors of stable properties: a computation has ended, processes are deadlocked, objects can be reached by nobody. Each
 * is asked of one cut, looks at the states that participants recorded and at the messages in flight between them, and
 * knows nothing of how the cut was taken. It may use {@code api} only.
 */
@NullMarked
package io.loggos.snapshot.detect;

import org.jspecify.annotations.NullMarked;
