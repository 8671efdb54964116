/**
 * The members of a cluster, and their changes.
 *
 * <p>{@link io.loggos.api.node.Node#members} and {@link io.loggos.api.node.Node#changeMembers} use these types.
 */
@NullMarked
package io.loggos.api.member;

import org.jspecify.annotations.NullMarked;
