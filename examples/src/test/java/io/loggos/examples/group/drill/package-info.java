/** A cluster of real processes that is restored again and again while messages of all orders are in flight. */
@NullMarked
package io.loggos.examples.group.drill;

import org.jspecify.annotations.NullMarked;
