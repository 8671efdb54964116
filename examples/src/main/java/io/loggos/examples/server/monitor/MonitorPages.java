package io.loggos.examples.server.monitor;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages for machines that watch a server: {@code /metrics}, {@code /health}, {@code /livez}, {@code /readyz} and
 * {@code /version}, with the paths and answers of etcd. Any thread.
 */
public final class MonitorPages {
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
    /** The text format of Prometheus. */
    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";

    private static final String JSON = "application/json";
    private static final Set<String> PATHS = Set.of("/metrics", "/health", "/livez", "/readyz", "/version");

    private final Health health;
    private final Supplier<String> measurements;
    private final String protocolVersion;

    /** A page: its code of HTTP, its type and its text. */
    public record Page(int code, String type, String text) {}

    /**
     * @param measurements all measurements, in the text format of Prometheus
     * @param protocolVersion the version of etcd whose protocol is served
     */
    public MonitorPages(Health health, Supplier<String> measurements, String protocolVersion) {
        this.health = health;
        this.measurements = measurements;
        this.protocolVersion = protocolVersion;
    }

    /** Returns true if there is such a page. */
    public static boolean has(String path) {
        return PATHS.contains(path);
    }

    /**
     * Returns a page. The future may end on any thread.
     *
     * @param query what follows the question mark; empty if nothing does
     * @param executor makes the page if that takes long
     */
    public CompletableFuture<Page> page(String path, String query, Executor executor) {
        return switch (path) {
            case "/metrics" ->
                CompletableFuture.supplyAsync(() -> new Page(200, EXPOSITION, measurements.get()), executor);
            case "/health" ->
                query.equals("serializable=true")
                        ? CompletableFuture.completedFuture(health(health.dead()))
                        : health.unhealthy().thenApply(reason -> health(reason.orElse(null)));
            case "/livez" -> CompletableFuture.completedFuture(check("livez", health.dead()));
            case "/readyz" -> CompletableFuture.completedFuture(check("readyz", health.unready()));
            case "/version" ->
                CompletableFuture.completedFuture(new Page(
                        200,
                        JSON,
                        "{\"etcdserver\":\"" + protocolVersion + "\",\"etcdcluster\":\"" + protocolVersion + "\"}"));
            default -> throw new IllegalArgumentException("no page " + path);
        };
    }

    private static Page health(@Nullable String reason) {
        return new Page(
                reason == null ? 200 : 503,
                JSON,
                "{\"health\":\"" + (reason == null) + "\",\"reason\":\"" + (reason == null ? "" : reason) + "\"}");
    }

    private static Page check(String name, @Nullable String reason) {
        return reason == null
                ? new Page(200, PLAIN_TEXT, "ok\n")
                : new Page(503, PLAIN_TEXT, "[-]" + reason + "\n" + name + " check failed\n");
    }
}
