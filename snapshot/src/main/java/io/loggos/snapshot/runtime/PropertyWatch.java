package io.loggos.snapshot.runtime;

import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.StableProperty;
import io.loggos.api.snapshot.Watch;
import io.loggos.internal.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a snapshot again and again, and looks for a property in each.
 *
 * <p>The next one begins some time after the last one has ended, so a slow one is never overtaken.
 *
 * @param <T> what is looked for
 */
public final class PropertyWatch<T> implements Watch<T> {
    private static final Logger LOGGER = LoggerFactory.getLogger(PropertyWatch.class);
    /** Snapshots of the watches of a node that are kept. The last one may be read while the next is taken. */
    private static final int RETAINED = 2;

    private final SnapshotHost host;
    private final SnapshotOptions options;
    private final StableProperty<T> property;
    private final Duration every;
    private final CompletableFuture<Found<T>> found = new CompletableFuture<>();

    private PropertyWatch(SnapshotHost host, StableProperty<T> property, Duration every) {
        this.host = host;
        this.options = SnapshotOptions.builder()
                .owner("loggos.watch-" + host.self().value())
                .retained(RETAINED)
                .build();
        this.property = property;
        this.every = every;
    }

    /** Begins a watch at once. */
    public static <T> PropertyWatch<T> begin(SnapshotHost host, StableProperty<T> property, Duration every) {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("a watch looks again after some time, not after " + every);
        }
        PropertyWatch<T> watch = new PropertyWatch<>(host, property, every);
        watch.look();
        return watch;
    }

    private void look() {
        if (host.isClosed()) {
            close();
        } else if (!found.isDone()) {
            CompletableFuture<?> unused = host.take(options).whenComplete(this::looked);
        }
    }

    private void looked(@Nullable GlobalSnapshot cut, @Nullable Throwable failure) {
        if (cut == null) {
            LOGGER.info("a watch has no snapshot to look at: {}", String.valueOf(failure));
        } else {
            try {
                property.find(cut).ifPresent(value -> found.complete(new Found<>(value, cut)));
            } catch (Throwable e) {
                host.userCode().threw("the property of a watch", e);
                found.completeExceptionally(e);
            }
        }
        if (host.isClosed()) {
            close();
        } else if (!found.isDone()) {
            EventLoop.Step look = now -> look();
            host.later(every, look.orElse(this::close));
        }
    }

    @Override
    public CompletableFuture<Found<T>> found() {
        return found;
    }

    @Override
    public void close() {
        host.userCode().answer(() -> found.cancel(false));
    }
}
