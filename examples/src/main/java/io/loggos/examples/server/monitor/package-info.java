/** Measurements for Prometheus, and health for load balancers and supervisors, over HTTP on addresses of their own. */
@NullMarked
package io.loggos.examples.server.monitor;

import org.jspecify.annotations.NullMarked;
