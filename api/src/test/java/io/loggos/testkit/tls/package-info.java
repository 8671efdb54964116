/** Certificates for tests. */
@NullMarked
package io.loggos.testkit.tls;

import org.jspecify.annotations.NullMarked;
