/** A group of real processes, one of which is killed while all multicast. */
@NullMarked
package io.loggos.examples.group;

import org.jspecify.annotations.NullMarked;
