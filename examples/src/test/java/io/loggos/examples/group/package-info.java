/** A group of real processes. One is killed while all multicast. */
@NullMarked
package io.loggos.examples.group;

import org.jspecify.annotations.NullMarked;
