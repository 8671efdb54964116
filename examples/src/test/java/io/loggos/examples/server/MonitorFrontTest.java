package io.loggos.examples.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.TransportException;
import io.loggos.api.UnavailableException;
import io.loggos.examples.server.monitor.Health;
import io.loggos.examples.server.monitor.MonitorFront;
import io.loggos.examples.server.monitor.MonitorPages;
import io.loggos.examples.server.monitor.MonitorUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The paths for machines that watch a server, with the answers of etcd. */
class MonitorFrontTest {
    private static final MonitorUrl ANY = new MonitorUrl(false, new Address("127.0.0.1", 0));

    private final Health health = new Health(Duration.ofSeconds(60));
    private final MonitorPages pages = new MonitorPages(health, () -> "loggos_leading 1\n", "3.5.0");
    private final MonitorFront front = MonitorFront.open(List.of(ANY), null, false, pages);
    private final LocalServer server = new LocalServer();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        front.close();
        server.close();
    }

    @Test
    void serverThatStartsIsAliveAndNotReady() throws Exception {
        assertAnswer(200, "ok\n", "/livez");
        assertAnswer(503, "[-]STARTING\nreadyz check failed\n", "/readyz");
        assertAnswer(503, "{\"health\":\"false\",\"reason\":\"STARTING\"}", "/health");
    }

    @Test
    void serverWithALeaderIsReady() throws Exception {
        health.opened(server.store, server::status);
        assertAnswer(200, "ok\n", "/livez");
        assertAnswer(200, "ok\n", "/readyz");
        assertAnswer(200, "{\"health\":\"true\",\"reason\":\"\"}", "/health");
    }

    @Test
    void serverWithoutALeaderIsAliveAndNotReady() throws Exception {
        health.opened(server.store, server::status);
        server.replica.leader(null);
        assertAnswer(200, "ok\n", "/livez");
        assertAnswer(503, "[-]RAFT NO LEADER\nreadyz check failed\n", "/readyz");
        assertAnswer(503, "{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}", "/health");
        assertAnswer(200, "{\"health\":\"true\",\"reason\":\"\"}", "/health?serializable=true");
    }

    @Test
    void serverThatStopsIsNotReady() throws Exception {
        health.opened(server.store, server::status);
        health.stopping();
        assertAnswer(200, "ok\n", "/livez");
        assertAnswer(503, "[-]STOPPING\nreadyz check failed\n", "/readyz");
    }

    @Test
    void serverThatCannotReadIsNotHealthy() throws Exception {
        health.opened(server.store, server::status);
        server.replica.failure(new UnavailableException("no quorum"));
        assertAnswer(503, "{\"health\":\"false\",\"reason\":\"RANGE ERROR\"}", "/health");
        assertAnswer(200, "ok\n", "/readyz");
    }

    @Test
    void readsThatHangHoldUpNoOtherAnswer() throws Exception {
        health.opened(server.store, server::status);
        CompletableFuture<Void> released = new CompletableFuture<>();
        server.replica.pause(released);
        HttpRequest read = HttpRequest.newBuilder(uri("/health")).build();
        List<CompletableFuture<HttpResponse<String>>> reads = Stream.generate(
                        () -> client.sendAsync(read, BodyHandlers.ofString()))
                .limit(8)
                .toList();
        await().atMost(Duration.ofSeconds(30)).until(() -> server.replica.paused() == reads.size());
        assertAnswer(200, "ok\n", "/livez");
        assertAnswer(200, "loggos_leading 1\n", "/metrics");
        released.complete(null);
        for (CompletableFuture<HttpResponse<String>> each : reads) {
            assertEquals(200, each.join().statusCode());
        }
    }

    @Test
    void metricsAreInTheFormatOfPrometheus() throws Exception {
        HttpResponse<String> response = assertAnswer(200, "loggos_leading 1\n", "/metrics");
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void versionIsThatOfTheProtocol() throws Exception {
        assertAnswer(200, "{\"etcdserver\":\"3.5.0\",\"etcdcluster\":\"3.5.0\"}", "/version");
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertEquals(404, get("/").statusCode());
        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(BodyPublishers.ofString("x"))
                .build();
        assertEquals(405, client.send(post, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void takenPortIsNamed() {
        Address taken = front.listening().get(0).address();
        TransportException e = assertThrows(
                TransportException.class,
                () -> MonitorFront.open(List.of(new MonitorUrl(false, taken)), null, false, pages));
        assertTrue(String.valueOf(e.getMessage()).contains(taken.toString()), e::toString);
    }

    @Test
    void urlsAreCheckedAsAddressesForClientsAre() {
        List<MonitorUrl> urls = MonitorUrl.parseAll("http://[::1]:1, https://0.0.0.0:2/");
        assertEquals("[http://[::1]:1, https://0.0.0.0:2]", urls.toString());
        urls.get(0).check(false, false);
        urls.get(1).check(true, false);
        assertThrows(InvalidOptionsException.class, () -> urls.get(1).check(false, true));
        MonitorUrl everywhere = MonitorUrl.parseAll("http://0.0.0.0:1").get(0);
        assertThrows(InvalidOptionsException.class, () -> everywhere.check(true, false));
        everywhere.check(false, true);
        assertThrows(IllegalArgumentException.class, () -> MonitorUrl.parseAll("127.0.0.1:2381"));
    }

    private HttpResponse<String> assertAnswer(int code, String text, String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertEquals(text, response.body());
        assertEquals(code, response.statusCode());
        return response;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(front.listening().get(0) + path);
    }
}
