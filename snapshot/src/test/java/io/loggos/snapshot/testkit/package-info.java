/** Cuts that were never taken of a cluster, put together for tests of their readers. */
package io.loggos.snapshot.testkit;
