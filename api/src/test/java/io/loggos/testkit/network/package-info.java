/** Network on virtual time that breaks as networks break, and what a node keeps of its peers. */
@NullMarked
package io.loggos.testkit.network;

import org.jspecify.annotations.NullMarked;
