/** Tests of the bytes of groups' messages. */
@org.jspecify.annotations.NullMarked
package io.loggos.multicast.group.wire;
