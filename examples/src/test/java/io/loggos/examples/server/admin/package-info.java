/** Tests of the services for operators. */
@NullMarked
package io.loggos.examples.server.admin;

import org.jspecify.annotations.NullMarked;
