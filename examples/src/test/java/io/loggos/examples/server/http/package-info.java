/** Tests of HTTP/1.1 on the port for clients. */
@NullMarked
package io.loggos.examples.server.http;

import org.jspecify.annotations.NullMarked;
