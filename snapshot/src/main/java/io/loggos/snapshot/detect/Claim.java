package io.loggos.snapshot.detect;

/**
 * A process and a resource that it holds, or wants.
 *
 * @param <P> names a process, with {@code equals}
 * @param <R> names a resource, with {@code equals}
 */
public record Claim<P, R>(P process, R resource) {}
