package io.loggos.examples.server.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.loggos.api.Address;
import io.loggos.api.TransportException;
import io.loggos.examples.server.monitor.MonitorPages.Page;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server for machines that watch this one, on addresses of its own. Two threads of its own answer.
 */
public final class MonitorFront implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 64;
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    /** Bounds for clients that are slow, silent or many, which the JDK's server reads when it is loaded. */
    private static final Map<String, String> BOUNDS = Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "30",
            "sun.net.httpserver.maxReqHeaders", "64",
            "jdk.httpserver.maxConnections", "256",
            "sun.net.httpserver.nodelay", "true");

    static {
        BOUNDS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    private final MonitorPages pages;
    private final ExecutorService threads = newThreads();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<MonitorUrl> listening = new ArrayList<>();

    private MonitorFront(MonitorPages pages) {
        this.pages = pages;
    }

    /**
     * Starts to listen.
     *
     * @param tls for the addresses that want it; null without TLS
     * @param clientCertAuth true if a client must show a certificate there
     * @throws TransportException if an address cannot be listened on
     */
    public static MonitorFront open(
            List<MonitorUrl> urls, @Nullable SSLContext tls, boolean clientCertAuth, MonitorPages pages) {
        MonitorFront front = new MonitorFront(pages);
        try {
            urls.forEach(url -> front.listen(url, tls, clientCertAuth));
            return front;
        } catch (RuntimeException e) {
            front.close();
            throw e;
        }
    }

    private void listen(MonitorUrl url, @Nullable SSLContext tls, boolean clientCertAuth) {
        InetSocketAddress address =
                new InetSocketAddress(url.address().host(), url.address().port());
        try {
            HttpServer server = url.tls() ? HttpsServer.create(address, BACKLOG) : HttpServer.create(address, BACKLOG);
            servers.add(server);
            if (server instanceof HttpsServer https && tls != null) {
                https.setHttpsConfigurator(new Tls(tls, clientCertAuth));
            }
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
            listening.add(new MonitorUrl(
                    url.tls(),
                    new Address(url.address().host(), server.getAddress().getPort())));
        } catch (IOException | RuntimeException e) {
            throw new TransportException("cannot listen for metrics on " + url.address() + ": " + e.getMessage(), e);
        }
    }

    /** Returns the addresses it listens on. They contain the chosen port where port 0 was requested. */
    public List<MonitorUrl> listening() {
        return List.copyOf(listening);
    }

    /** TLS 1.3 with the certificate that clients see. */
    private static final class Tls extends HttpsConfigurator {
        private final boolean clientCertAuth;

        Tls(SSLContext context, boolean clientCertAuth) {
            super(context);
            this.clientCertAuth = clientCertAuth;
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters chosen = getSSLContext().getDefaultSSLParameters();
            chosen.setProtocols(new String[] {getSSLContext().getProtocol()});
            chosen.setNeedClientAuth(clientCertAuth);
            parameters.setSSLParameters(chosen);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery();
        if (!method.equals("HEAD") && !method.equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, new Page(405, PLAIN_TEXT, "only GET and HEAD\n"));
        } else if (!MonitorPages.has(path)) {
            send(exchange, new Page(404, PLAIN_TEXT, "here are /metrics, /health, /livez, /readyz and /version\n"));
        } else {
            // A page that reads may take long. No thread waits for it, since others ask if this server is alive.
            CompletableFuture<?> unused = pages.page(path, query == null ? "" : query, threads)
                    .thenAcceptAsync(page -> sendLater(exchange, page), threads);
        }
    }

    private static void sendLater(HttpExchange exchange, Page page) {
        try {
            send(exchange, page);
        } catch (IOException e) {
            exchange.close(); // The client has gone meanwhile.
        }
    }

    private static void send(HttpExchange exchange, Page page) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] text = page.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", page.type());
            exchange.sendResponseHeaders(page.code(), head ? -1 : text.length);
            if (!head) {
                exchange.getResponseBody().write(text);
            }
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }

    private static ExecutorService newThreads() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "loggos-monitor-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
