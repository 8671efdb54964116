/** Tests of the distribution, unpacked and run as an ordinary user, and of the documents in it. */
@NullMarked
package io.loggos.examples.distribution;

import org.jspecify.annotations.NullMarked;
