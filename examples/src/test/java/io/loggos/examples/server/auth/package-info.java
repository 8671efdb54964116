/** Tests of users, roles and tokens. */
@NullMarked
package io.loggos.examples.server.auth;

import org.jspecify.annotations.NullMarked;
