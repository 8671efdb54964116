/** etcd's Auth service: users, roles, passwords and tokens. */
@NullMarked
package io.loggos.examples.server.auth;

import org.jspecify.annotations.NullMarked;
