/** Tests of the translation of requests. */
@NullMarked
package io.loggos.examples.server.etcd;

import org.jspecify.annotations.NullMarked;
