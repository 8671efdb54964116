package io.loggos.api.spi;

/** Tells whoever turns an agent's crank that there is something to do. Any thread; cheap when it is awake. */
@FunctionalInterface
public interface Waker {
    void wake();
}
